import { describe, expect, test } from 'vitest'
import { explained, means, NetlinkError } from '../../src/kernel/refusals.js'

const refused = (errno: string) => async () => {
  throw new NetlinkError('bridge vni add vni 7 dev ftun-250', errno)
}
const refusals = { EEXIST: means('VNI_HIDDEN', { vni: 7 }), EBUSY: () => undefined }

describe('a refusal', () => {
  test('that means something beside its request is that', async () => {
    const error = await explained(refusals, refused('EEXIST')).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'VNI_HIDDEN', details: { vni: 7 }, cause: { errnoName: 'EEXIST' } })
  })

  test.each(['EBUSY', 'ENODEV'])('that means nothing there stays what it is: %s', async (errno) => {
    const problem = `bridge vni add vni 7 dev ftun-250: ${errno}`
    await expect(explained(refusals, refused(errno))).rejects.toThrow(problem)
    await expect(explained(refusals, refused(errno))).rejects.toBeInstanceOf(NetlinkError)
  })

  test('of another kind is thrown as it is', async () => {
    const other = new Error('out of luck')
    await expect(explained(refusals, () => Promise.reject(other))).rejects.toBe(other)
  })
})

test('work that is not refused gives what it gives', async () => {
  expect(await explained(refusals, async () => 7)).toBe(7)
})

test('the words of the kernel come before the name of the error', () => {
  const { message, problem } = new NetlinkError('ip addr add', 'EINVAL', 'Invalid prefix for given prefix length')
  expect(problem).toBe('Invalid prefix for given prefix length (EINVAL)')
  expect(message).toBe(`ip addr add: ${problem}`)
})
