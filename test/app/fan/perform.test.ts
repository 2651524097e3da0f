import { describe, expect, test } from 'vitest'
import { framed, type Job, perform, preview } from '../../../src/app/fan/perform.js'
import type { Change } from '../../../src/core/change.js'
import { changeFile } from '../../../src/core/objects/file.js'
import { FakeMachine, ordinaryHost } from '../../fake/machine.js'
import { prefix } from './requests.js'

const here = () => new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
const step: Change = changeFile('fan-250.fan.json', undefined, '{}')
const teardown: Job<{ steps: readonly Change[] }> = {
  action: 'take a fan down',
  do: 'tearDown',
  prepare: () => ({ result: { steps: [step] } }),
}
/** A change after which its goal, a host without fans, is not reached: a record has come. */
const change: Job<{ steps: readonly Change[] }> = {
  action: 'bring a fan up',
  do: 'apply',
  prepare: ({ found, broken }) => ({
    result: { steps: [step] },
    transition: { found, fans: [], next: [], broken },
  }),
}

test('who is not root does nothing, and is told for what root is needed', async () => {
  const machine = here()
  machine.privileged = false
  const details = (action: string) => ({ code: 'NOT_ROOT', details: { action } })
  await expect(perform(machine, change)).rejects.toMatchObject(details('bring a fan up'))
  await expect(preview(machine, change)).rejects.toMatchObject(details("read this host's firewall"))
  expect(machine.asked).toEqual([])
})

test('a preview does nothing and takes no lock', async () => {
  const machine = here()
  machine.lock = () => Promise.reject(new Error('locked'))
  expect(await preview(machine, teardown)).toEqual({ steps: [step] })
  expect(machine.asked).toEqual([])
})

describe('a job', () => {
  test('is prepared with the lock, and lets others in again whatever happens', async () => {
    const machine = here()
    const locks: number[] = []
    const failing = { ...teardown, prepare: () => Promise.reject(new Error(`locks: ${locks.push(machine.locks)}`)) }
    await expect(perform(machine, failing)).rejects.toThrow('locks: 1')
    expect([locks, machine.locks]).toEqual([[1], 0])
  })

  test('that tears down is done although somebody asks to stop', async () => {
    const machine = here()
    await perform(machine, teardown, AbortSignal.abort('SIGTERM'))
    expect(machine.asked).toEqual([step])
  })

  test('that changes is stopped before its first step', async () => {
    const machine = here()
    await expect(perform(machine, change, AbortSignal.abort('SIGTERM'))).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(machine.asked).toEqual([])
  })

  test('that changes has to come to what was planned', async () => {
    await expect(perform(here(), change)).rejects.toMatchObject({ code: 'NOT_CONVERGED' })
  })
})

test('the frame hands the fans and the host to the work', async () => {
  const machine = here()
  const links = await framed(machine, 'look', async ({ fans }, { links }) => [fans.length, links.length])
  expect(links).toEqual([0, 2])
})
