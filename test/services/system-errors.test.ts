import { readFileSync, renameSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isErrno, reasonOf } from '../../src/services/system-errors.js'

function errorOf(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}

const missing = errorOf(() => readFileSync('/no/such/file'))

test('an error of the system is known by its code', () => {
  expect(isErrno(missing, 'ENOENT')).toBe(true)
  expect(isErrno(missing, 'EACCES')).toBe(false)
  expect(isErrno(new Error('ENOENT'), 'ENOENT')).toBe(false)
  expect(isErrno('ENOENT', 'ENOENT')).toBe(false)
})

test.each([
  ['a call with a path', missing, 'ENOENT: no such file or directory'],
  ['one with two', errorOf(() => renameSync('/no/such/file', '/none')), 'ENOENT: no such file or directory'],
  ['one without', errorOf(() => readFileSync(999_999)), 'EBADF: bad file descriptor'],
  [
    'a path with a line break in it',
    errorOf(() => readFileSync('/no/such\nfile, x')),
    'ENOENT: no such file or directory',
  ],
  ['another error', new Error('there are too many links'), 'there are too many links'],
  ['what is no error', 7, '7'],
])('the reason of %s', (_, error, reason) => {
  expect(reasonOf(error)).toBe(reason)
})
