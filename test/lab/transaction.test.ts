/** All or nothing, on a real kernel. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { DownView } from '../../src/results/down.js'
import type { UpView } from '../../src/results/up.js'
import type { Injection } from './inject.js'
import type { LabHost } from './lab.js'
import { look, oneHost } from './one-host.js'
import { must } from './shell.js'
import { labTypes } from './types.js'

/** Milliseconds that an `up` takes where commands are slow. */
const slow = 2000

describe.each(labTypes())('%s', (type) => {
  const words = ['-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', type, '--dhcp']

  test('up twice plans nothing, and down leaves no trace', async () => {
    const host = await oneHost()
    const before = await look(host)
    expect((await host.fanctlJson<UpView>(['up', ...words])).changed).toBe(true)
    expect((await host.fanctlJson<UpView>(['up', ...words])).steps).toEqual([])
    expect((await host.fanctl(['plan', ...words, '--exit-code'])).status).toBe(0)
    expect((await host.fanctlJson<DownView>(['down', '-o', '250.0.0.0/8', '-u', 'eth0/16'])).changed).toBe(true)
    expect(await look(host)).toEqual(before)
    expect((await host.fanctl(['plan', ...words, '--exit-code'])).status).toBe(3)
  })

  test('the lines of plan can be pasted, and up finds nothing to change in what they made', async () => {
    const host = await oneHost()
    const { output } = await host.fanctl(['plan', ...words])
    // Programs are made in memory: their lines name a file that only bpftool could have made.
    const lines = output.split('\n').filter((line) => !line.startsWith('tc filter'))
    await host.must(['sh', '-e'], { input: lines.join('\n') })
    const { steps } = await host.fanctlJson<UpView>(['plan', ...words])
    const left = new Set(steps.map(({ kind }) => kind))
    expect([...left].sort()).toEqual(['add-filter', 'set-file', 'start-dhcp'])
    await host.fanctlJson(['up', ...words])
    expect((await host.fanctl(['plan', ...words, '--exit-code'])).status).toBe(0)
  })

  test('a failure at any step of up leaves the host as it was, and names the step', async () => {
    const host = await oneHost()
    await must([process.execPath, 'scripts/build-tool.mjs', 'test/lab/inject.ts'])
    const inject = [process.execPath, 'dist/tools/inject.cjs', '250.0.0.0/8', 'eth0/16', type]
    const { status, output, complaint } = await host.run(inject, { timeout: 570_000 })
    expect({ status, complaint }).toEqual({ status: 0, complaint: '' })
    const injections = JSON.parse(output) as Injection[]
    expect(injections.length).toBeGreaterThan(30)
    for (const { step, reported, differences } of injections) {
      expect(reported).toBe(`this step failed: ${step}: injected`)
      expect(differences, step).toEqual([])
    }
  })

  test('a kill at any moment is mended by the next up or down', async () => {
    const host = await oneHost()
    const before = await look(host)
    const down = ['down', '-o', '250.0.0.0/8', '-u', 'eth0/16']
    const { begun = 0, whole } = await upUntil(host, words)
    await host.fanctlJson(down)
    const rest = whole - begun
    const kills: Moment[] = [
      { from: 'start', after: whole / 2 },
      // At once: however fast the machine is at the moment, all but the record is still to be done.
      { from: 'record', after: 0 },
      { from: 'record', after: 0 },
      { from: 'record', after: rest / 4 },
    ]
    // One round is four or five commands: fewer of them on a kernel where each takes seconds.
    if (whole < slow)
      kills.push(
        { from: 'start', after: 0.8 * whole },
        { from: 'record', after: rest / 2 },
        { from: 'record', after: rest },
      )
    const halfway: string[] = []
    for (const [index, moment] of kills.entries()) {
      await upUntil(host, words, moment)
      const isWanted = existsSync(recordOf(host))
      const mend = index % 2 === 0 ? 'down' : 'up'
      if (await isHalfway(host, before)) halfway.push(mend)
      if (mend === 'up') await host.fanctlJson(['up', ...words])
      const { status, complaint } = await host.fanctl(down)
      // Killed before its first step, there is nothing to take down.
      if (mend === 'up' || isWanted) expect(status, complaint).toBe(0)
      else expect({ status, complaint }).toEqual({ status: 1, complaint: expect.stringContaining('(FAN_NOT_FOUND)') })
      expect(await look(host), `killed ${moment.after} ms after its ${moment.from}`).toEqual(before)
    }
    // What is killed before its first step or after its last leaves nothing to mend, and proves nothing.
    expect(halfway).toEqual(expect.arrayContaining(['down', 'up']))
  })

  /** Whether some of the fan is there, and some of it is missing. */
  async function isHalfway(host: LabHost, before: object): Promise<boolean> {
    if (isDeepStrictEqual(await look(host), before)) return false
    return (await host.fanctl(['plan', ...words, '--exit-code'])).status === 3
  }

  test('two at once do not get in each other’s way', async () => {
    const host = await oneHost()
    const other = ['-o', '251.0.0.0/8', ...words.slice(2)]
    const results = await Promise.all([host.fanctl(['up', ...words]), host.fanctl(['up', ...other])])
    expect(results.map(({ status, complaint }) => ({ status, complaint }))).toEqual([
      { status: 0, complaint: expect.any(String) },
      { status: 0, complaint: expect.any(String) },
    ])
    for (const each of [words, other]) expect((await host.fanctl(['plan', ...each, '--exit-code'])).status).toBe(0)
  })
})

/** Milliseconds after the start of an `up`, or after it has written its record, which is one of its first steps. */
interface Moment {
  readonly from: 'start' | 'record'
  readonly after: number
}

const recordOf = (host: LabHost) => join(host.folders.runtime, 'fan-250.fan.json')

/** Runs `up` until it is killed, or to its end. How many milliseconds it took, and how many until its record was there. */
async function upUntil(host: LabHost, words: readonly string[], kill?: Moment) {
  const doom = new AbortController()
  const start = Date.now()
  let begun: number | undefined
  const watch = setInterval(() => {
    const now = Date.now() - start
    if (begun === undefined && existsSync(recordOf(host))) begun = now
    const from = kill?.from === 'start' ? 0 : begun
    if (kill && from !== undefined && now - from >= kill.after) doom.abort()
  }, 1)
  await host.fanctl(['up', ...words], { until: doom.signal, killSignal: 'SIGKILL' })
  clearInterval(watch)
  return { begun, whole: Date.now() - start }
}
