/**
 * The README's quick start on two machines that share nothing but a cable: this one and another with another kernel
 * (pair.sh). What is between them computes checksums and cuts segments, which no link between namespaces does.
 */
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import type { LeasesView } from '../../src/results/leases.js'
import type { TraceView } from '../../src/results/trace.js'
import { type Outcome, run } from '../lab/shell.js'

const there = { address: '10.0.7.8', gateway: '250.7.8.1' }
const sudo = join(tmpdir(), 'bin')

/** The commands of the README's quick start: `up`, then those of a container, then `down`. */
const quickStart =
  readFileSync('README.md', 'utf8')
    .split(/^## /m)
    .find((part) => part.startsWith('Quick start')) ?? ''
const lines = [...quickStart.matchAll(/^ {4}(sudo .*)$/gm)].map(([, line = '']) => line)
const upLine = lines.find((line) => line.includes('fanctl up')) ?? ''
const containerLines = lines.filter((line) => !line.includes('fanctl'))
const downLine = quickStart.match(/`(sudo bin\/fanctl down [^`]*)`/)?.[1] ?? ''

/** A script on this machine, and on the other one. */
const onHere = (script: string): Promise<Outcome> =>
  run(['sh', '-e'], { input: withSudo(script), environment: { PATH: pathOf() }, timeout: 300_000 })
const onThere = async (script: string): Promise<Outcome> => {
  const response = await fetch(`http://${there.address}:7000`, { method: 'POST', body: withSudo(script) })
  return (await response.json()) as Outcome
}
const pathOf = () => `${sudo}:${process.env['PATH']}`
const withSudo = (script: string) => `PATH=${sudo}:$PATH; cd '${resolve('.')}'\n${script}\n`

async function must(outcome: Promise<Outcome>): Promise<string> {
  const { status, output, complaint } = await outcome
  if (status !== 0) throw new Error(`exit status ${status}\n${complaint}${output}`)
  return output
}

beforeAll(async () => {
  expect({ upLine, downLine }).toMatchObject({
    upLine: expect.stringContaining('-o 250'),
    downLine: expect.stringContaining('-o 250'),
  })
  expect(containerLines.at(-1)).toContain(`ping ${there.gateway}`)
  for (let tries = 0; ; tries += 1) {
    try {
      // There is no sudo where everybody is root.
      const makeSudo = `mkdir -p ${sudo}; printf '#!/bin/sh\\nexec "$@"\\n' >${sudo}/sudo; chmod +x ${sudo}/sudo`
      await must(onThere(makeSudo))
      await must(onHere(makeSudo))
      return
    } catch (error) {
      if (tries === 60) throw error
      await sleep(1000)
    }
  }
})

describe.each(['ipip', 'vxlan'])('the quick start of the README, with %s', (type) => {
  const more = type === 'ipip' ? '' : ` --type ${type}`
  const mtu = type === 'ipip' ? 1480 : 1450
  let far = ''

  test('up on both, the same line', async () => {
    for (const on of [onHere, onThere]) expect(await must(on(upLine + more))).toContain('fan-250 is up')
  })

  test('a namespace with an address by hand reaches the other gateway', async () => {
    const [ping = '', ...rest] = [...containerLines].reverse()
    await must(onHere(rest.reverse().join('\n')))
    expect(await must(onHere(`timeout --preserve-status --signal INT 5 ${ping}`))).toMatch(/ 0% packet loss/)
  })

  test('a DHCP client gets address, gateway, resolver and MTU', async () => {
    const script = containerLines.slice(0, 4).join('\n').replaceAll('test', 'dhcp')
    const ask = `${script}\nip netns exec dhcp env lease_file=/run/lease busybox udhcpc -i eth0 -s test/lab/lease.sh -n -q -t 8 -T 1 -x hostname:far >&2`
    await must(onThere(ask))
    const lease = await must(onThere('cat /run/lease'))
    far = lease.match(/^ip=(250\.7\.8\.\d+)$/m)?.[1] ?? ''
    const { leases } = JSON.parse(await must(onThere('bin/fanctl leases --json'))) as LeasesView
    expect(leases.find(({ hostname }) => hostname === 'far')?.address).toBe(far)
    expect(lease).toContain(`router=${there.gateway}\n`)
    expect(lease).toContain(`dns=${there.gateway}\n`)
    expect(lease).toContain(`mtu=${mtu}\n`)
  })

  test('packets of full size arrive in one piece', async () => {
    const ping = (bytes: number) => `ip netns exec test ping -M do -c 3 -i 0.2 -s ${bytes - 28} ${far}`
    await must(onHere(`ip -n test link set eth0 mtu ${mtu}`))
    expect(await must(onHere(ping(mtu)))).toContain('3 received')
    expect((await onHere(ping(mtu + 1))).status).not.toBe(0)
  })

  test('60 MB by TCP arrive as they were sent, and no segment is lost', async () => {
    const count = async (name: string) =>
      Number((await must(onHere(`ip netns exec test nstat -asz ${name}`))).match(/^\w+ +(\d+)/m)?.[1])
    // What is sent again because an answer was slow (RFC 8985, 7: tail loss probes) arrives twice, and the receiver
    // says so (RFC 2883: D-SACK). What is lost arrives once.
    const lost = async () => (await count('TcpRetransSegs')) - (await count('TcpExtTCPDSACKRecvSegs'))
    expect(await lost()).toBe(0)
    const received = onThere('ip netns exec dhcp node test/lab/tcp.mjs receive 5001 checked')
    await must(
      onThere('timeout 60 sh -c "until ip netns exec dhcp ss -Hltn sport = :5001 | grep -q .; do sleep 0.2; done"'),
    )
    const sent = JSON.parse(await must(onHere(`ip netns exec test node test/lab/tcp.mjs send ${far} 5001 60 checked`)))
    const [, line = ''] = (await must(received)).split('\n')
    expect(JSON.parse(line)).toEqual({ bytes: 60 * 2 ** 20, sha256: sent.sha256 })
    process.stdout.write(`  ${type}: ${Math.round((sent.bytes * 8) / sent.seconds / 1e6)} Mbit/s\n`)
    expect(await lost()).toBe(0)
  })

  test('trace finds the way, and how much fits', async () => {
    const view = JSON.parse(await must(onHere(`bin/fanctl trace ${far} --json`))) as TraceView
    expect(view).toMatchObject({ answers: true, stopsAt: null, owner: there.address, isHere: false })
    expect(view.probes.filter(({ bytes }) => bytes !== null).at(-1)).toMatchObject({ to: far, bytes: mtu })
  })

  test('down says who is attached, and leaves nothing once they are gone', async () => {
    for (const [on, name] of [
      [onHere, 'test'],
      [onThere, 'dhcp'],
    ] as const) {
      expect(await on(downLine)).toMatchObject({ status: 1, complaint: expect.stringContaining(`${name}0`) })
      await must(on(`ip netns del ${name}`))
      await must(on(downLine))
      expect(await must(on('ip -br link'))).not.toMatch(/fan-250|ftun-250/)
    }
  })
})
