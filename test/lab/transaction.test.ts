/** All or nothing, on a real kernel. */
import { describe, expect, test } from 'vitest'
import type { DownView, UpView } from '../../src/app/results.js'
import type { Injection } from './inject.js'
import { look, oneHost } from './one-host.js'
import { must } from './shell.js'
import { hasFirewall, labTypes } from './types.js'

/** Milliseconds that an `up` takes where commands are slow. */
const slow = 2000

const nat = hasFirewall() ? 'nat' : 'no-nat'

describe.each(labTypes())('%s', (type) => {
  const words = ['-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', type, '--dhcp', `--${nat}`]

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
    const inject = [process.execPath, 'dist/tools/inject.cjs', '250.0.0.0/8', 'eth0/16', type, nat]
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
    const started = Date.now()
    await host.fanctlJson(['up', ...words])
    const whole = Date.now() - started
    await host.fanctlJson(['down', '-o', '250.0.0.0/8'])
    // One round is two or three commands: fewer of them on a kernel where each takes seconds.
    const kills = whole < slow ? 8 : 4
    for (let part = 1; part <= kills; part += 1) {
      const moment = Math.ceil((whole * part) / (kills + 1))
      await host.fanctl(['up', ...words], { timeout: moment, killSignal: 'SIGKILL' })
      if (part % 2 === 0) await host.fanctlJson(['up', ...words])
      const down = await host.fanctl(['down', '-o', '250.0.0.0/8', '-u', 'eth0/16'])
      // Killed before its first step, there is nothing to take down.
      expect([0, 1], down.complaint).toContain(down.status)
      if (down.status === 1) expect(down.complaint).toContain('(FAN_NOT_FOUND)')
      expect(await look(host), `killed after ${moment} of ${whole} ms`).toEqual(before)
    }
  })

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
