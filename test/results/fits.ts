/** Views against the schemas that are promised for them. */
import { expect } from 'vitest'
import { resultSchemas } from '../../src/results/schemas.js'

/** Whether a view is what its schema says, and has nothing that is unknown to it. */
export function expectToFit(name: keyof typeof resultSchemas, view: object): void {
  expect(resultSchemas[name].parse(view)).toEqual(view)
}
