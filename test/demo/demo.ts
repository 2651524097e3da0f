/** The demo: a fan of several hosts on one machine, seen to work. Run by bin/demo. */
import { parseArgs } from 'node:util'
import type { TypeName } from '../../src/core/types/types.js'
import type { LeasesView } from '../../src/results/leases.js'
import type { FanView } from '../../src/results/parts.js'
import type { ShowView } from '../../src/results/show.js'
import { sendForgedSource } from '../lab/forgery.js'
import { Lab, type LabContainer, type LabHost } from '../lab/lab.js'
import { transfer } from '../lab/transfer.js'
import { canMake } from '../lab/types.js'
import { drawMatrix, drawTopology } from './drawing.js'

const usage = `usage: bin/demo [options]

  --hosts N          hosts to build, 2 to 16; default: 3
  --containers N     containers on each, 1 to 8; default: 2
  --type TYPE        ipip, vxlan or auto (ipip if the kernel has it); default: auto
  --overlay PREFIX   network of the containers; default: 250.0.0.0/8
  --underlay PREFIX  network of the hosts; default: 10.0.0.0/16
  --keep             leave everything up, and print how to look around
`

interface Options {
  readonly hosts: number
  readonly containers: number
  readonly type: TypeName
  readonly overlay: string
  readonly underlay: string
  readonly keep: boolean
}

const say = (text = '') => process.stdout.write(`${text}\n`)
const chapter = (text: string) => say(`\n=== ${text}`)

/** Throws an Error whose message is for the person at the keyboard. */
function readOptions(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      hosts: { type: 'string', default: '3' },
      containers: { type: 'string', default: '2' },
      type: { type: 'string', default: 'auto' },
      overlay: { type: 'string', default: '250.0.0.0/8' },
      underlay: { type: 'string', default: '10.0.0.0/16' },
      keep: { type: 'boolean', default: false },
    },
  })
  const number = (name: 'hosts' | 'containers', least: number, most: number) => {
    const value = Number(values[name])
    if (!Number.isInteger(value) || value < least || value > most)
      throw new Error(`--${name} must be a whole number from ${least} to ${most}, not "${values[name]}"`)
    return value
  }
  const { overlay, underlay, keep } = values
  return {
    hosts: number('hosts', 2, 16),
    containers: number('containers', 1, 8),
    type: chooseType(values.type),
    overlay,
    underlay,
    keep,
  }
}

function chooseType(text: string): TypeName {
  if (text === 'ipip' || text === 'vxlan') return text
  if (text !== 'auto') throw new Error(`--type must be ipip, vxlan or auto, not "${text}"`)
  if (canMake('ipip')) return 'ipip'
  say('This kernel has no ipip, so the fan uses vxlan. To see ipip: bin/demo --type ipip')
  return 'vxlan'
}

async function demo(options: Options): Promise<boolean> {
  const lab = await Lab.build({ hosts: options.hosts, underlay: options.underlay })
  try {
    const worked = await showFan(lab, options)
    if (options.keep) await lookAround(lab)
    return worked
  } finally {
    chapter('Everything is removed again')
    lab.close()
  }
}

async function showFan(lab: Lab, { overlay, type, containers }: Options): Promise<boolean> {
  chapter(`A ${type} fan, ${overlay}, on ${lab.hosts.length} hosts, by one command on each`)
  const underlay = `eth0/${lab.hosts[0]?.underlay.length}`
  const words = ['-o', overlay, '-u', underlay, '--type', type, '--dhcp']
  const fans = new Map<LabHost, FanView>()
  for (const host of lab.hosts) {
    say(`${host.name}# fanctl up ${words.join(' ')}`)
    const { fan } = await host.fanctlJson<{ fan: FanView }>(['up', ...words])
    say(`    slice ${fan.slice}, gateway ${fan.gateway}, MTU ${fan.mtu}`)
    fans.set(host, fan)
  }

  chapter('Containers get addresses with a real DHCP client')
  for (const [host, fan] of fans)
    for (let count = 0; count < containers; count += 1) await lab.addContainer(host, fan.bridge)
  for (const host of lab.hosts) {
    const { leases } = await host.fanctlJson<LeasesView>(['leases'])
    for (const { address, hostname, mac } of leases) say(`${host.name}: ${address.padEnd(16)} ${hostname}  ${mac}`)
  }

  chapter('The whole picture')
  say(drawTopology(lab, fans))

  chapter('Every container pings every other')
  const pairs = await lab.matrix()
  say(drawMatrix(lab.containers, pairs))
  const reached = pairs.filter((pair) => pair.reached).length
  say(`${reached} of ${pairs.length} pairs can reach each other`)

  const isForgeryStopped = await forge(lab)
  const isIntact = await measure(lab)
  return reached === pairs.length && isForgeryStopped && isIntact
}

/** A container of the second host claims an address of the last host. */
async function forge(lab: Lab): Promise<boolean> {
  chapter('A packet with a forged source is dropped')
  const [target] = lab.hosts
  const at = (host: LabHost | undefined) => lab.containers.find((one) => one.host === host)
  const victim = at(target)
  const forger = at(lab.hosts[1])
  if (!target || !victim || !forger) return false
  const spoofed = async () => (await target.fanctlJson<ShowView>(['show'])).fans[0]?.counters?.spoofed ?? 0
  const before = await spoofed()
  const stolen = stolenAddress(lab, forger, victim)
  const outcome = await sendForgedSource(forger, victim, stolen)
  const count = (await spoofed()) - before
  say(`${forger.name} on ${forger.host.name}, whose firewall is off, sends to ${victim.name} as ${stolen}: ${outcome}`)
  say(`${target.name} counts ${count} packets as spoofed: ${forger.host.address} does not own ${stolen}`)
  return outcome === 'no answer' && count > 0
}

/** An address of somebody else: of a container on a third host if there is one, of the victim's gateway if not. */
function stolenAddress(lab: Lab, forger: LabContainer, victim: LabContainer): string {
  const other = lab.containers.find((one) => one.host !== forger.host && one.host !== victim.host)
  return other?.address ?? victim.lease['router'] ?? ''
}

async function measure(lab: Lab): Promise<boolean> {
  chapter('TCP, once: 100 MB to verify, 400 MB to time')
  const [first, second] = lab.hosts
  const from = lab.containers.find((one) => one.host === first)
  const to = lab.containers.find((one) => one.host === second)
  if (!first || !second || !from || !to) return false
  const { intact } = await transfer(from, to, to.address, { megabytes: 100 })
  const bare = await transfer(first, second, second.address, { megabytes: 400, checked: false })
  const fan = await transfer(from, to, to.address, { megabytes: 400, checked: false })
  say(`the data arrived ${intact ? 'intact' : 'NOT INTACT'} (SHA-256)`)
  const percent = Math.round((fan.gigabitsPerSecond / bare.gigabitsPerSecond) * 100)
  say(`host to host            ${bare.gigabitsPerSecond.toFixed(2)} Gbit/s`)
  say(`container to container  ${fan.gigabitsPerSecond.toFixed(2)} Gbit/s, ${percent} % of that`)
  return intact
}

/** Keeps everything until the person has seen enough. */
async function lookAround(lab: Lab): Promise<void> {
  chapter('It stays up until you press Ctrl-C. In another terminal, as root:')
  const [host] = lab.hosts
  const [container] = lab.containers
  const folders = `FANCTL_RUNTIME_DIR=${host?.folders.runtime} FANCTL_STATE_DIR=${host?.folders.state}`
  say(`a host:       ip netns exec ${host?.namespace} env ${folders} bin/fanctl show --wide`)
  say(`              ip netns exec ${host?.namespace} ip -d addr`)
  say(`a container:  ip netns exec ${container?.namespace} ping ${lab.containers.at(-1)?.address}`)
  // An interrupt is how this is meant to end, so not by way of the lab's own listener.
  process.removeAllListeners('SIGINT')
  // A listener for a signal does not keep Node from ending; a timer does.
  const wait = setInterval(() => {}, 2 ** 30)
  await new Promise((resolve) => process.once('SIGINT', resolve))
  clearInterval(wait)
}

async function main(words: readonly string[]): Promise<void> {
  if (words.includes('--help') || words.includes('-h')) {
    say(usage)
    return
  }
  const worked = await demo(readOptions(words))
  say(worked ? '\nAll of it worked.' : '\nNot all of it worked.')
  process.exitCode = worked ? 0 : 1
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`bin/demo: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
})
