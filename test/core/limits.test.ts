import { describe, expect, test } from 'vitest'
import { limitIn, limitOfStart } from '../../src/core/limits.js'

const nodeError = (code: string) => Object.assign(new Error(`${code}: it cannot be`), { code })

describe('limitIn', () => {
  test.each([
    ['EMFILE', 'cannot look at this host: too many open files'],
    ['ENFILE', 'cannot look at this host: too many open files in the whole system'],
    ['ENOMEM', 'cannot look at this host: out of memory'],
  ])('says what %s means', (code, message) => {
    const cause = nodeError(code)
    expect(limitIn(cause, 'look at this host')).toMatchObject({ code: 'LIMIT_REACHED', message, cause, exitCode: 1 })
  })

  test('knows the errors of our own system calls by their names', () => {
    const error = Object.assign(new Error('socket: EMFILE'), { errnoName: 'EMFILE' })
    expect(limitIn(error, 'look')?.code).toBe('LIMIT_REACHED')
  })

  test.each(['ENOENT', 'EAGAIN'])('says nothing of %s', (code) => {
    expect(limitIn(nodeError(code), 'look')).toBeUndefined()
  })

  test('says nothing of an error without a code', () => {
    expect(limitIn(new TypeError('EMFILE'), 'look')).toBeUndefined()
  })
})

describe('limitOfStart', () => {
  test.each([
    ['EAGAIN', 'cannot start the program nft: too many processes'],
    ['EMFILE', 'cannot start the program nft: too many open files'],
  ])('says what %s means', (code, message) => {
    expect(limitOfStart(nodeError(code), 'nft')?.message).toBe(message)
  })

  test('says nothing of a program that is not there', () => {
    expect(limitOfStart(nodeError('ENOENT'), 'nft')).toBeUndefined()
  })
})
