/**
 * Hosts on one machine. A host is a network namespace with an address on a common underlay, a container is one with a
 * link on a host's fan bridge and a real DHCP client.
 *
 *     switch:  ──────────── underlay, a bridge ────────────
 *                 │ eth0            │ eth0           │ eth0
 *     hosts:    10.0.0.11        10.0.0.12        10.0.0.13
 *                 │ fan-250         │ fan-250        │ fan-250
 *     containers: 250.0.11.x        250.0.12.x       250.0.13.x
 */
import { readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { formatAddress, formatPrefix, ipv4, type Prefix, readablePrefix } from './addresses.js'
import { labFolder, namespaceName, prepareNamespaces, removeNamespace } from './namespaces.js'
import { must, type Outcome, type RunOptions, run } from './shell.js'

/** Everything that builds a lab runs in the project's folder. */
const program = resolve('bin/fanctl')
const firstHost = 11

/** A machine of the lab. */
export class LabHost {
  readonly name: string
  readonly namespace: string
  /** The address on the underlay, with its length. */
  readonly underlay: Prefix
  readonly folders: { readonly runtime: string; readonly state: string; readonly config: string }

  constructor(name: string, underlay: Prefix) {
    this.name = name
    this.namespace = namespaceName(name)
    this.underlay = underlay
    this.folders = {
      runtime: join(labFolder, `${name}-run`),
      state: join(labFolder, `${name}-lib`),
      config: join(labFolder, `${name}-fan`),
    }
  }

  /** The address on the underlay as text. */
  get address(): string {
    return formatAddress(this.underlay.address)
  }

  run(words: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const environment = {
      FANCTL_RUNTIME_DIR: this.folders.runtime,
      FANCTL_STATE_DIR: this.folders.state,
      FANCTL_CONFIG: this.folders.config,
      ...options.environment,
    }
    return run(['ip', 'netns', 'exec', this.namespace, ...words], { ...options, environment })
  }

  must(words: readonly string[], options: RunOptions = {}): Promise<string> {
    return must(['ip', 'netns', 'exec', this.namespace, ...words], options)
  }

  /** The real program. */
  fanctl(words: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return this.run([process.execPath, program, ...words], options)
  }

  /** The real program, which has to succeed, and its --json. */
  async fanctlJson<Result>(words: readonly string[]): Promise<Result> {
    const { status, output, complaint } = await this.fanctl([...words, '--json'])
    if (status !== 0) throw new Error(`fanctl ${words.join(' ')} on ${this.name}: ${complaint}${output}`)
    return JSON.parse(output) as Result
  }
}

/** A container: its address comes from DHCP. */
export class LabContainer {
  readonly name: string
  readonly namespace: string
  readonly host: LabHost
  /** What the DHCP server said, by udhcpc's names: ip, mask, subnet, router, dns, domain, mtu. */
  readonly lease: Readonly<Record<string, string>>

  constructor(name: string, host: LabHost, lease: Readonly<Record<string, string>>) {
    this.name = name
    this.namespace = namespaceName(name)
    this.host = host
    this.lease = lease
  }

  get address(): string {
    return this.lease['ip'] ?? ''
  }

  run(words: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return run(['ip', 'netns', 'exec', this.namespace, ...words], options)
  }

  must(words: readonly string[], options: RunOptions = {}): Promise<string> {
    return must(['ip', 'netns', 'exec', this.namespace, ...words], options)
  }

  /** Whether an address answers a ping within some seconds. */
  async reaches(address: string, bytes = 56): Promise<boolean> {
    const words = ['busybox', 'ping', '-c', '1', '-W', '3', '-s', String(bytes), address]
    return (await this.run(words)).status === 0
  }
}

export interface LabPlan {
  readonly hosts: number
  /** The underlay; hosts have its addresses from .11 on. */
  readonly underlay?: string
  /** Bytes that the underlay takes. */
  readonly mtu?: number
  /** Tells the names of several labs of one process apart. */
  readonly name?: string
}

export class Lab {
  readonly hosts: readonly LabHost[]
  readonly containers: LabContainer[] = []
  readonly #switch: string

  private constructor(name: string, hosts: readonly LabHost[]) {
    this.#switch = namespaceName(`${name}sw`)
    this.hosts = hosts
  }

  /** Builds the underlay and the hosts on it. */
  static async build({ hosts: count, underlay = '10.0.0.0/16', mtu = 1500, name = '' }: LabPlan): Promise<Lab> {
    prepareNamespaces()
    const network = readablePrefix(underlay)
    const hosts = Array.from({ length: count }, (_, index) => {
      const address = ipv4(network.address + firstHost + index)
      return new LabHost(`${name}h${index + 1}`, { address, length: network.length })
    })
    const lab = new Lab(name, hosts)
    await must(['ip', 'netns', 'add', lab.#switch])
    await must(['ip', '-n', lab.#switch, 'link', 'add', 'underlay', 'mtu', String(mtu), 'type', 'bridge'])
    await must(['ip', '-n', lab.#switch, 'link', 'set', 'underlay', 'up'])
    for (const host of hosts) await lab.#plugIn(host, mtu)
    return lab
  }

  async #plugIn(host: LabHost, mtu: number): Promise<void> {
    await must(['ip', 'netns', 'add', host.namespace])
    await must(['ip', '-n', host.namespace, 'link', 'set', 'lo', 'up'])
    await this.connect(host.namespace, formatPrefix(host.underlay), host.name, mtu)
    await must(['ip', '-n', host.namespace, 'route', 'add', 'default', 'dev', 'eth0'])
  }

  /** `ip WORDS…` in the switch, where each host's port has the host's name. */
  async inSwitch(words: string): Promise<void> {
    await must(['ip', '-n', this.#switch, ...words.split(' ')])
  }

  /** Gives a namespace a card with this address on the underlay. `port` is its other end's name in the switch. */
  async connect(namespace: string, address: string, port = 'stranger', mtu = 1500, card = 'eth0'): Promise<void> {
    // Each end is named where it will be: kernels before 6.13 refuse a card called eth0 where this machine has one.
    const ends = `${port} mtu ${mtu} type veth peer name ${card} mtu ${mtu} netns ${namespace}`
    await must(['ip', '-n', this.#switch, 'link', 'add', ...ends.split(' ')])
    await must(['ip', '-n', this.#switch, 'link', 'set', port, 'master', 'underlay', 'up'])
    await must(['ip', '-n', namespace, 'link', 'set', card, 'up'])
    await must(['ip', '-n', namespace, 'addr', 'add', address, 'dev', card])
  }

  /** Starts a container on a host's bridge and waits for its address. Throws if the DHCP server gives none. */
  async addContainer(host: LabHost, bridge: string): Promise<LabContainer> {
    const number = this.containers.filter((one) => one.host === host).length + 1
    const name = `${host.name}c${number}`
    const namespace = namespaceName(name)
    await must(['ip', 'netns', 'add', namespace])
    await must(['ip', '-n', namespace, 'link', 'set', 'lo', 'up'])
    const card = `eth0 address ${cardOf(host, number)}`
    await must(`ip -n ${host.namespace} link add v${name} type veth peer name ${card} netns ${namespace}`.split(' '))
    await must(`ip -n ${host.namespace} link set v${name} master ${bridge} up`.split(' '))
    await must(['ip', '-n', namespace, 'link', 'set', 'eth0', 'up'])
    const container = new LabContainer(name, host, await askForLease(name, namespace))
    this.containers.push(container)
    return container
  }

  /** What a container's client does when its lease ends: it forgets its address and asks for one. */
  async renew(container: LabContainer): Promise<LabContainer> {
    await container.must(['ip', 'addr', 'flush', 'dev', 'eth0'])
    const renewed = new LabContainer(
      container.name,
      container.host,
      await askForLease(container.name, container.namespace),
    )
    this.containers.splice(this.containers.indexOf(container), 1, renewed)
    return renewed
  }

  /** Takes one container away. */
  removeContainer(container: LabContainer): void {
    removeNamespace(container.namespace)
    this.containers.splice(this.containers.indexOf(container), 1)
  }

  /** Every pair of containers, and whether the first reaches the second. */
  async matrix(containers: readonly LabContainer[] = this.containers): Promise<Pair[]> {
    const pairs: Pair[] = []
    for (const from of containers)
      for (const to of containers) if (from !== to) pairs.push({ from, to, reached: await from.reaches(to.address) })
    return pairs
  }

  /** Stops every dnsmasq of the lab's hosts with its namespace, and removes all of it. */
  close(): void {
    for (const container of [...this.containers]) this.removeContainer(container)
    for (const host of this.hosts) {
      removeNamespace(host.namespace)
      for (const folder of Object.values(host.folders)) rmSync(folder, { recursive: true, force: true })
    }
    removeNamespace(this.#switch)
  }
}

export interface Pair {
  readonly from: LabContainer
  readonly to: LabContainer
  readonly reached: boolean
}

/** The same each time: dnsmasq chooses an address by it, and some tests use addresses that nobody has. */
function cardOf(host: LabHost, number: number): string {
  const bytes = [0x02, 0xfa, host.underlay.address, host.underlay.address / 2 ** 8, number / 2 ** 8, number]
  return bytes.map((byte) => (Math.floor(byte) % 256).toString(16).padStart(2, '0')).join(':')
}

async function askForLease(name: string, namespace: string): Promise<Record<string, string>> {
  const file = join(labFolder, `${name}.lease`)
  const client = ['busybox', 'udhcpc', '-i', 'eth0', '-s', resolve('test/lab/lease.sh')]
  const patience = ['-n', '-q', '-t', '8', '-T', '1']
  await must(['ip', 'netns', 'exec', namespace, ...client, ...patience, '-x', `hostname:${name}`], {
    environment: { lease_file: file },
  })
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}
