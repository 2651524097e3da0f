/** A system that has nothing left: fanctl says what there is too little of, and leaves the host as it was. */
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Lab, type LabHost } from '../lab.js'
import { look } from '../one-host.js'

const fan = '-o 250.0.0.0/8 -u eth0/16 --type vxlan --dhcp'
/** Milliseconds. A fanctl that hangs is ended then, and its exit status is not the one that is expected. */
const limits = { timeout: 60_000, killSignal: 'SIGKILL' } as const

let host: LabHost
beforeAll(async () => {
  const lab = await Lab.build({ hosts: 1, name: 'limits' })
  host = lab.hosts[0] as LabHost
  return () => lab.close()
})

/** Runs a script with a function that is fanctl. */
function shell(script: string, wrapper: readonly string[] = []) {
  const start = `fanctl() { '${process.execPath}' bin/fanctl "$@"; }`
  return host.run([...wrapper, 'sh', '-c', `${start}\n${script}`], limits)
}

describe('open files', () => {
  /** Node itself takes 18, and where there are 40 even the monitor has enough. */
  const few = [20, 22, 24, 28, 32]

  test.each(['up', 'plan'])('too few for %s: it says so, or does it', async (command) => {
    const before = await look(host)
    for (const count of few) {
      const { status, complaint } = await shell(`ulimit -n ${count}; fanctl ${command} ${fan}`)
      if (status === 0) await host.fanctl(['down', '-o', '250.0.0.0/8'])
      else
        expect({ count, status, complaint }).toEqual({
          count,
          status: 1,
          complaint: expect.stringContaining('(LIMIT_REACHED)'),
        })
      if (count < 24) expect(status).toBe(1)
      expect(await look(host)).toEqual(before)
    }
  })

  test('too few for the other commands: they say so, and the fan stays as it is', async () => {
    expect((await host.fanctl(['up', ...fan.split(' ')])).status).toBe(0)
    onTestFinished(async () => void (await host.fanctl(['down', '-o', '250.0.0.0/8'])))
    const before = await look(host)
    for (const command of ['show', 'trace 250.0.11.1', 'monitor', 'monitor --once', 'down -o 250.0.0.0/8'])
      for (const count of [20, 22]) {
        const { status, complaint } = await shell(`ulimit -n ${count}; fanctl ${command}`)
        expect({ command, status, complaint }).toEqual({
          command,
          status: 1,
          complaint: expect.stringContaining('(LIMIT_REACHED)'),
        })
      }
    expect(await look(host)).toEqual(before)
    // The monitor that has enough to begin with goes on, and says what it lacks.
    const { complaint, output } = await host.run(
      ['sh', '-c', `ulimit -n 26; exec timeout --kill-after=20 4 '${process.execPath}' bin/fanctl monitor`],
      limits,
    )
    expect(output + complaint).toMatch(/too many open files.*stopped by SIGTERM/s)
    expect(await look(host)).toEqual(before)
  })
})

test('without /proc nothing is taken for absent: every command that looks at the host says that it cannot', async () => {
  const commands = [`up ${fan}`, `plan ${fan}`, 'show', 'trace 250.0.11.1', 'monitor --once', 'down -o 250.0.0.0/8']
  const before = await look(host)
  const script = commands.map((command) => `fanctl ${command}; echo $?`).join('\n')
  const { output, complaint } = await shell(`umount -l /proc\n${script}`, ['unshare', '--mount'])
  expect(output.trim().split('\n')).toEqual(commands.map(() => '1'))
  expect(complaint.match(/\(PROC_MISSING\)/g)).toHaveLength(commands.length)
  expect(await look(host)).toEqual(before)
})
