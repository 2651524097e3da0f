/** What another program's configuration has to look like, as far as a fan needs it. */
import * as z from 'zod/mini'
import { unknownImport } from './imported.js'

/** A value that is no list and no mapping, as text. */
export const scalar = z.string()

const words: Readonly<Record<string, string>> = {
  string: 'a single value',
  object: 'a mapping',
  array: 'a list',
}

/** The value with the shape's type. `whose` is what it is called in errors. Throws IMPORT_UNKNOWN. */
export function readShape<Shape extends z.ZodMiniType>(shape: Shape, value: unknown, whose: string): z.output<Shape> {
  const { data, error } = shape.safeParse(value)
  if (!error) return data
  const [issue] = error.issues
  const path = issue?.path.map(String).join('.')
  const expected = issue?.code === 'invalid_type' ? words[issue.expected] : undefined
  throw unknownImport(`${path ? `${path} of ${whose}` : whose} is not ${expected ?? 'what it should be'}`)
}

/** Whether the value has the shape. */
export function hasShape<Shape extends z.ZodMiniType>(shape: Shape, value: unknown): value is z.output<Shape> {
  return shape.safeParse(value).success
}
