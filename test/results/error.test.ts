import { expect, test } from 'vitest'
import { FanError } from '../../src/core/errors.js'
import { viewError } from '../../src/results/error.js'
import { expectToFit } from './fits.js'

test.each([new FanError('INPUT_TWICE', {}), new Error('bug')])(
  'a failure is a problem and nothing else: %s',
  (error) => {
    const view = viewError(error)
    expect(Object.keys(view)).toEqual(['error'])
    expectToFit('error', view)
  },
)
