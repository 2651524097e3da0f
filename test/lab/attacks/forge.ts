/** Packets that somebody makes up, and the means to send them without any privilege. */
import { parseAddress } from '../../../src/core/ipv4.js'
import { formatAddress, ipv4 } from '../addresses.js'
import type { Outcome, RunOptions } from '../shell.js'

/** Where programs can run: a host or a container. */
export interface Place {
  run(words: readonly string[], options?: RunOptions): Promise<Outcome>
}

/** Who sends: root of its namespace, or somebody who may do nothing. */
export type Who = 'root' | 'nobody'

const nobody = [
  'setpriv',
  '--reuid',
  '65534',
  '--regid',
  '65534',
  '--clear-groups',
  '--inh-caps=-all',
  '--bounding-set=-all',
]

interface Datagram {
  readonly to: string
  readonly port: number
  readonly bytes: Buffer
  /** Undefined: the kernel chooses. */
  readonly source?: string
  readonly sourcePort?: number
}

/** Sends datagrams, one after the other, and is done when the last has left. */
export async function send(place: Place, who: Who, datagrams: readonly Datagram[]): Promise<void> {
  const plain = datagrams.map(({ bytes, ...rest }) => ({ ...rest, bytes: bytes.toString('hex') }))
  const words = [...(who === 'nobody' ? nobody : []), process.execPath, '--input-type=module', '-']
  const { status, complaint } = await place.run(words, { input: `${sender}\nsend(${JSON.stringify(plain)})` })
  if (status !== 0) throw new Error(`the sender: ${complaint}`)
}

/** Sends one datagram as somebody who may do nothing, also to all of a network, to a group, or over IPv6. */
export async function sendByUser(place: Place, { to, port, bytes, source }: Datagram): Promise<void> {
  const words = [...nobody, process.execPath, '--input-type=module', '-']
  const call = `shout(${JSON.stringify({ to, port, source, bytes: bytes.toString('hex') })})`
  const { status, complaint } = await place.run(words, { input: `${shouter}\n${call}` })
  if (status !== 0) throw new Error(`the sender: ${complaint}`)
}

const shouter = `
import { createSocket } from 'node:dgram'
async function shout({ to, port, source, bytes }) {
  const socket = createSocket(to.includes(':') ? 'udp6' : 'udp4')
  await new Promise((resolve) => socket.bind({ address: source }, resolve))
  socket.setBroadcast(true)
  if (source) socket.setMulticastInterface(source)
  await new Promise((resolve, reject) =>
    socket.send(Buffer.from(bytes, 'hex'), port, to, (error) => (error ? reject(error) : resolve())),
  )
  socket.close()
}
`

/** A program of its own, read from its standard input: whoever may do nothing cannot read this folder either. */
const sender = `
import { createSocket } from 'node:dgram'
async function send(datagrams) {
  for (const { to, port, bytes, source, sourcePort } of datagrams) {
    const socket = createSocket('udp4')
    await new Promise((resolve) => socket.bind({ address: source, port: sourcePort }, resolve))
    await new Promise((resolve) => socket.send(Buffer.from(bytes, 'hex'), port, to, resolve))
    socket.close()
  }
}
`

/** A ping that a tunnel packet claims to carry. */
interface Inner {
  readonly source: string
  readonly target: string
  /** The hardware address of the target. */
  readonly mac: string
}

/** Sends three pings through an ipip tunnel that a namespace has made for itself, with an outer source of its choice. */
export async function sendIpip(place: Place, outer: { source: string; to: string }, inner: Inner): Promise<void> {
  const lines = [
    `ip link add forge type ipip local ${outer.source} remote ${outer.to}`,
    'ip link set forge up',
    `ip addr add ${inner.source}/32 dev forge`,
    `ip route add ${inner.target}/32 dev forge`,
  ]
  for (const line of lines) {
    const { status, complaint } = await place.run(line.split(' '))
    if (status !== 0) throw new Error(`${line}: ${complaint}`)
  }
  await place.run(['busybox', 'ping', '-c', '3', '-W', '1', '-I', inner.source, inner.target])
  await place.run(['ip', 'link', 'del', 'forge'])
}

/** What a vxlan tunnel would put into a datagram for a ping (RFC 7348, section 5). */
export function vxlanPing(vni: number, inner: Inner): Buffer {
  const header = Buffer.from([0x08, 0, 0, 0, Math.floor(vni / 65_536), Math.floor(vni / 256) % 256, vni % 256, 0])
  const macs = [inner.mac, '02:00:00:00:00:66'].map((mac) => Buffer.from(mac.replaceAll(':', ''), 'hex'))
  return Buffer.concat([header, ...macs, Buffer.from([0x08, 0x00]), pingPacket(inner)])
}

/** An echo request of 64 bytes in an IPv4 packet. */
function pingPacket({ source, target }: Omit<Inner, 'mac'>): Buffer {
  const echo = Buffer.alloc(64)
  echo.set([8, 0, 0, 0, 0x66, 0x66, 0, 1])
  echo.writeUInt16BE(checksum(echo), 2)
  const header = Buffer.from([
    0x45,
    0,
    0,
    20 + echo.length,
    0,
    1,
    0,
    0,
    64,
    1,
    0,
    0,
    ...bytesOf(source),
    ...bytesOf(target),
  ])
  header.writeUInt16BE(checksum(header), 10)
  return Buffer.concat([header, echo])
}

/** RFC 1071. */
export function checksum(bytes: Buffer): number {
  let sum = 0
  const even = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)])
  for (let at = 0; at < even.length; at += 2) sum += even.readUInt16BE(at)
  while (sum > 0xffff) sum = (sum % 65_536) + Math.floor(sum / 65_536)
  return 0xffff - sum
}

export function bytesOf(address: string): number[] {
  return address.split('.').map(Number)
}

interface DhcpMessage {
  /** DHCP option 53: 1 is DISCOVER, 7 is RELEASE. */
  readonly type: number
  readonly mac: string
  readonly address?: string
  readonly server?: string
}

/** A client's DHCP message (RFC 2131, section 2). */
export function dhcpMessage({ type, mac, address, server }: DhcpMessage): Buffer {
  const fixed = Buffer.alloc(236)
  fixed.set([1, 1, 6, 0, 0x66, 0x61, 0x6e, 0x63])
  fixed.set(bytesOf(address ?? '0.0.0.0'), 12)
  fixed.set(Buffer.from(mac.replaceAll(':', ''), 'hex'), 28)
  const options = [0x63, 0x82, 0x53, 0x63, 53, 1, type, ...(server ? [54, 4, ...bytesOf(server)] : []), 255]
  return Buffer.concat([fixed, Buffer.from(options)])
}

/** The address that is `offset` further. */
export function further(address: string, offset: number): string {
  const parsed = parseAddress(address)
  if (typeof parsed === 'string') throw new Error(parsed)
  return formatAddress(ipv4(parsed + offset))
}

/** How many pings have come as far as this network namespace. */
export async function echoesHeard(place: Place): Promise<number> {
  return await countOf(place, 'Icmp', 'InEchos')
}

/** What a network namespace has counted (/proc/net/snmp). */
export async function countOf(place: Place, protocol: 'Icmp' | 'Udp', name: string): Promise<number> {
  const { output } = await place.run(['cat', '/proc/net/snmp'])
  const lines = output.split('\n').filter((line) => line.startsWith(`${protocol}:`))
  const [names = [], values = []] = lines.map((line) => line.split(' '))
  return Number(values[names.indexOf(name)])
}

/** The hardware address of a card called eth0. */
export async function macOfCard(place: Place): Promise<string> {
  return JSON.parse((await place.run(['ip', '-j', 'link', 'show', 'eth0'])).output)[0].address
}
