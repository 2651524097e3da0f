/** The clsact queue and the filters with steering programs on it, over rtnetlink. */
import { closeSync } from 'node:fs'
import { endianness } from 'node:os'
import { FanError } from '../core/errors.js'
import type { FoundFilter } from '../core/found.js'
import type { Filter } from '../core/state.js'
import {
  type Attribute,
  decodeAttributes,
  encodeAttributes,
  readText,
  readU32,
  text,
  u32,
  u32At,
} from './attributes.js'
import { loadProgram } from './bpf.js'
import { messages } from './constants.js'
import { SystemCallError } from './libc.js'
import { indexOf } from './links/find.js'
import { moduleMissing, type Refusals } from './refusals.js'
import { flags, type Rtnetlink } from './socket.js'

/** Attributes (include/uapi/linux/{rtnetlink,pkt_cls,pkt_sched}.h). */
const tca = { kind: 1, options: 2 } as const
const bpf = { fd: 6, name: 7, flags: 8, id: 11 } as const
const directAction = 1

const clsact = { handle: 0xffff0000, parent: 0xfffffff1 } as const
const parents = { ingress: 0xfffffff2, egress: 0xfffffff3 } as const

/** ETH_P_ALL in network byte order, as the lower half of tcm_info; the preference is the upper half. */
const allProtocols = endianness() === 'LE' ? 0x0300 : 0x0003
const preferenceOf = (information: number) => Math.floor(information / 65_536)

/** struct tcmsg. */
function header(index: number, handle: number, parent: number, information: number): Buffer {
  return Buffer.concat([Buffer.alloc(4), u32(index), u32(handle), u32(parent), u32(information)])
}

/** `tc qdisc add dev LINK clsact`. Throws MODULE_MISSING or NetlinkError. */
export async function addClsact(netlink: Rtnetlink, link: string): Promise<void> {
  const body = Buffer.concat([
    header(await indexOf(netlink, link), clsact.handle, clsact.parent, 0),
    encodeAttributes([[tca.kind, text('clsact')]]),
  ])
  const purpose = { op: `tc qdisc add dev ${link} clsact`, refusals: clsactRefusals }
  await netlink.request(purpose, messages.newQdisc, flags.create | flags.exclusive, body)
}

const clsactMissing = moduleMissing('sch_ingress', 'clsact queues')
export const clsactRefusals: Refusals = { ENOENT: clsactMissing, EOPNOTSUPP: clsactMissing }

/** `tc qdisc del dev LINK clsact`. Throws NetlinkError. */
export async function delClsact(netlink: Rtnetlink, link: string): Promise<void> {
  const body = header(await indexOf(netlink, link), clsact.handle, clsact.parent, 0)
  await netlink.request({ op: `tc qdisc del dev ${link} clsact` }, messages.delQdisc, 0, body)
}

/** The links that have a clsact queue. `tc qdisc` */
export async function listClsact(netlink: Rtnetlink): Promise<Set<string>> {
  const all = await netlink.dump('tc qdisc', messages.getQdisc, header(0, 0, 0, 0))
  const found = all.filter((message) => readText(decodeAttributes(message.subarray(20)).get(tca.kind)) === 'clsact')
  return new Set(found.map((message) => netlink.directory.nameOf(u32At(message, 4))))
}

/**
 * Loads the program of a filter and attaches it. With `replace` the program of the filter at that place is exchanged
 * in one go: no packet passes unsteered. Throws STEERING_UNAVAILABLE, MODULE_MISSING, NetlinkError, SystemCallError or
 * VerifierError.
 */
export async function setFilter(netlink: Rtnetlink, filter: Filter, replace: boolean): Promise<void> {
  const index = await indexOf(netlink, filter.link)
  const program = load(filter)
  try {
    const options: Attribute[] = [
      [bpf.fd, u32(program)],
      [bpf.name, text(filter.name)],
      [bpf.flags, u32(directAction)],
    ]
    const attributes: Attribute[] = [
      [tca.kind, text('bpf')],
      [tca.options, options],
    ]
    const body = Buffer.concat([place(index, filter), encodeAttributes(attributes)])
    const purpose = { op: opOf(replace ? 'replace' : 'add', filter), refusals: filterRefusals }
    await netlink.request(purpose, messages.newFilter, flags.create | (replace ? flags.replace : flags.exclusive), body)
  } finally {
    closeSync(program)
  }
}

export const filterRefusals: Refusals = { ENOENT: moduleMissing('cls_bpf', 'bpf filters') }

/** Root may be without the right to load programs, in a container. */
function load({ name, program }: Filter): number {
  if (!program) throw new Error(`the program ${name} is not known to this version of fanctl`)
  try {
    return loadProgram(name, program)
  } catch (cause) {
    if (!(cause instanceof SystemCallError) || cause.errnoName !== 'EPERM') throw cause
    throw new FanError('STEERING_UNAVAILABLE', { problems: [`ebpf: ${cause.message}`] }, { cause })
  }
}

/** `tc filter del dev LINK DIRECTION pref N handle H bpf`. Throws NetlinkError. */
export async function delFilter(netlink: Rtnetlink, filter: Filter): Promise<void> {
  const kind = encodeAttributes([[tca.kind, text('bpf')]])
  const body = Buffer.concat([place(await indexOf(netlink, filter.link), filter), kind])
  await netlink.request({ op: opOf('del', filter) }, messages.delFilter, 0, body)
}

function opOf(verb: string, { link, direction, preference }: Filter): string {
  return `tc filter ${verb} dev ${link} ${direction} pref ${preference} bpf`
}

function place(index: number, filter: Filter): Buffer {
  return header(index, filter.handle, parents[filter.direction], filter.preference * 65_536 + allProtocols)
}

/** The filters with programs on a link, both directions; none on one that has gone. `tc filter show dev LINK egress|ingress` */
export async function listFilters(
  netlink: Rtnetlink,
  { name: link, index }: { readonly name: string; readonly index: number },
): Promise<FoundFilter[]> {
  const found: FoundFilter[] = []
  for (const direction of ['ingress', 'egress'] as const) {
    const request = header(index, 0, parents[direction], 0)
    const all = await netlink.dump(`tc filter show dev ${link} ${direction}`, messages.getFilter, request)
    found.push(...all.flatMap((message) => decodeFilter(message, { link, direction }) ?? []))
  }
  return found
}

/** A filter with a program, undefined for any other. Those of others may have no name. */
export function decodeFilter(message: Buffer, where: Pick<Filter, 'link' | 'direction'>): FoundFilter | undefined {
  const attributes = decodeAttributes(message.subarray(20))
  const options = decodeAttributes(attributes.get(tca.options))
  const handle = u32At(message, 8)
  const name = readText(options.get(bpf.name))
  const programId = readU32(options.get(bpf.id))
  // A dump also names the list that the filters of one preference hang on, as handle 0.
  if (handle === 0 || readText(attributes.get(tca.kind)) !== 'bpf') return undefined
  if (name === undefined || programId === undefined) return undefined
  return { ...where, preference: preferenceOf(u32At(message, 16)), handle, name, programId }
}
