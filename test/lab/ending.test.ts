/** A process is ended only if it is the one that is meant: its id may be somebody else's by then. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { endProcess } from '../../src/kernel/processes.js'

async function start(script: string): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn('sh', ['-c', `${script}; echo ready; read line`], { stdio: ['pipe', 'pipe', 'ignore'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child as typeof child & { readonly pid: number }
}

test('one that is not meant gets no signal', async () => {
  const child = await start('trap "exit 9" TERM')
  await endProcess(child.pid, () => false)
  expect(() => process.kill(child.pid, 0)).not.toThrow()
  child.stdin?.end('\n')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test.each([
  ['by SIGTERM', ':', 'SIGTERM'],
  ['by SIGKILL if it does not heed that', "trap '' TERM", 'SIGKILL'],
])('one that is meant ends %s', async (_, script, signal) => {
  const child = await start(script)
  const ended = once(child, 'exit')
  await endProcess(child.pid, () => true)
  expect(await ended).toEqual([null, signal])
})

test('one that has ended already is done', async () => {
  const child = await start(':')
  child.stdin?.end('\n')
  await once(child, 'exit')
  await endProcess(child.pid, () => true)
})
