/** What the kernel would do with a packet: the route it takes, and who is known on a link, over rtnetlink. */
import type { Ipv4 } from '../core/ipv4.js'
import { type Attribute, decodeAttributes, encodeAttributes, readIpv4, readU32, u32be } from './attributes.js'
import { afInet, dumpNeighbours, permanent } from './neighbours.js'
import { NetlinkError, type Rtnetlink } from './socket.js'

/** The message type and attributes (include/uapi/linux/rtnetlink.h). */
const getRoute = 26
const rta = { destination: 1, source: 2, oif: 4, gateway: 5, prefsrc: 7, metrics: 8 } as const
const metricMtu = 2

const afBridge = 7
const routeKinds = ['none', 'unicast', 'local', 'broadcast'] as const

/** The bits of a neighbour's state: NUD_INCOMPLETE, NUD_FAILED; NUD_REACHABLE, NUD_NOARP, NUD_PERMANENT. */
const silent = 0x01 + 0x20
const reachable = 0x02 + 0x40 + permanent

export interface FoundPath {
  readonly kind: 'unicast' | 'local' | 'broadcast' | 'none'
  readonly index: number
  readonly via: Ipv4 | undefined
  readonly source: Ipv4 | undefined
  readonly mtu: number | undefined
}

/** What the refusals of a lookup mean (fib_props in net/ipv4/fib_semantics.c). */
const refusals: Readonly<Record<string, string>> = {
  ENETUNREACH: 'no route',
  EHOSTUNREACH: 'an unreachable route',
  EACCES: 'a prohibit route',
  EINVAL: 'a blackhole route',
}

/**
 * The route for one address. `ip route get ADDRESS [from SOURCE]`. A text says why there is none. Throws NetlinkError
 * for what is no answer to that question.
 */
export async function routeTo(netlink: Rtnetlink, address: Ipv4, source?: Ipv4): Promise<FoundPath | string> {
  const attributes: Attribute[] = [[rta.destination, u32be(address)]]
  if (source !== undefined) attributes.push([rta.source, u32be(source)])
  const header = Buffer.from([afInet, 32, source === undefined ? 0 : 32, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  try {
    const [answer] = await netlink.request(getRoute, 0, Buffer.concat([header, encodeAttributes(attributes)]))
    return answer ? decodePath(answer) : 'no route'
  } catch (error) {
    const reason = error instanceof NetlinkError ? refusals[error.errnoName] : undefined
    if (reason === undefined) throw error
    return reason
  }
}

function decodePath(message: Buffer): FoundPath {
  const attributes = decodeAttributes(message.subarray(12))
  return {
    kind: routeKinds[message[7] ?? 0] ?? 'none',
    index: readU32(attributes.get(rta.oif)) ?? 0,
    via: readIpv4(attributes.get(rta.gateway)),
    source: readIpv4(attributes.get(rta.prefsrc)),
    mtu: readU32(decodeAttributes(attributes.get(rta.metrics)).get(metricMtu)),
  }
}

export interface FoundNeighbour {
  readonly index: number
  readonly address: Ipv4
  readonly mac: string | undefined
  readonly state: 'reachable' | 'stale' | 'silent'
}

/** Who has been asked for by ARP. `ip -4 neigh` */
export async function listNeighbours(netlink: Rtnetlink): Promise<FoundNeighbour[]> {
  return (await dumpNeighbours(netlink, afInet)).flatMap(({ index, state, address, mac }) =>
    address === undefined ? [] : { index, address, mac, state: wordFor(state) },
  )
}

function wordFor(state: number): FoundNeighbour['state'] {
  if ((state & silent) !== 0) return 'silent'
  return (state & reachable) !== 0 ? 'reachable' : 'stale'
}

export interface FoundStation {
  /** Of the bridge's port. */
  readonly index: number
  readonly mac: string
}

/** Behind which port of its bridge each hardware address was seen. `bridge fdb`, without the ports' own. */
export async function listStations(netlink: Rtnetlink): Promise<FoundStation[]> {
  return (await dumpNeighbours(netlink, afBridge)).flatMap(({ index, state, mac }) =>
    mac === undefined || (state & permanent) !== 0 ? [] : { index, mac },
  )
}
