import { constants } from 'node:os'
import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../src/core/error-catalogue.js'
import { FanError } from '../../src/core/errors.js'
import { SystemCallError } from '../../src/kernel/libc.js'
import { explain } from '../../src/kernel/meanings.js'
import { NetlinkError } from '../../src/kernel/refusals.js'

const netlink = (errno: string, sentence?: string, request = 0) => new NetlinkError('op', errno, sentence, request)
const call = (errno: keyof typeof constants.errno) => new SystemCallError('bpf', constants.errno[errno])
const file = (code: string) => Object.assign(new Error(`${code}: no`), { code })

const lines = ['# load the program fan_out: 60 instructions', 'tc filter add dev ftun0', 'tc filter add dev ftun1']

describe('what failed', () => {
  test.each<[Error, ErrorCode, message: string]>([
    [netlink('EPERM'), 'NOT_ROOT', 'run: tc filter add dev ftun0'],
    [file('EACCES'), 'NOT_ROOT', 'run: tc filter add dev ftun0'],
    [netlink('EINVAL'), 'STEP_FAILED', 'tc filter add dev ftun0: EINVAL: the kernel rejects these values'],
    [netlink('EINVAL', 'No such thing'), 'STEP_FAILED', 'ftun0: No such thing (EINVAL): the kernel rejects'],
    [netlink('ENOMEM', undefined, 2), 'STEP_FAILED', 'tc filter add dev ftun1: ENOMEM: the kernel is out of memory'],
    [netlink('EADDRINUSE'), 'STEP_FAILED', 'tc filter add dev ftun0: EADDRINUSE'],
    [call('ENOENT'), 'STEP_FAILED', 'ftun0: bpf: ENOENT: it does not exist, or the kernel lacks a module for it'],
    [file('EROFS'), 'STEP_FAILED', 'EROFS: no: it is on a read-only file system'],
    [new Error('out of luck'), 'STEP_FAILED', 'tc filter add dev ftun0: out of luck'],
  ])('%s', (cause, code, message) => {
    expect(explain(cause, lines)).toMatchObject({ code, cause, message: expect.stringContaining(message) })
  })

  test('is told by its comment where there is no line', () => {
    expect(explain(file('ENOSPC'), ['# write a file']).message).toContain(
      '# write a file: ENOSPC: no: no space is left',
    )
  })

  test('keeps its own words where it is explained already', () => {
    const error = new FanError('DHCP_FAILED', { bridge: 'fan-250', problem: 'exit status 1' })
    expect(explain(error, lines)).toBe(error)
  })
})
