import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { hasShape, readShape, scalar } from '../../../src/config/import/shape.js'

const shape = z.looseObject({ a: scalar, b: z.optional(z.looseObject({ c: z.array(scalar) })) })

test.each([
  [[], 'it is not a mapping'],
  ['x', 'it is not a mapping'],
  [{}, 'a of it is not a single value'],
  [{ a: [] }, 'a of it is not a single value'],
  [{ a: '', b: { c: {} } }, 'b.c of it is not a list'],
])('%j has not the shape: %s', (value, problem) => {
  expect(hasShape(shape, value)).toBe(false)
  expect(() => readShape(shape, value, 'it')).toThrow(problem)
})

test('what else there is is kept', () => {
  expect(readShape(shape, { a: 'x', d: 1 }, 'it')).toEqual({ a: 'x', d: 1 })
})
