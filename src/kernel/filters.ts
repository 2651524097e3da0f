/** The clsact queue and the filters with steering programs on it, over rtnetlink. */
import { closeSync } from 'node:fs'
import { endianness } from 'node:os'
import type { Filter } from '../core/state.js'
import { type Attribute, decodeAttributes, encodeAttributes, readText, readU32, text, u32 } from './attributes.js'
import { loadProgram } from './bpf.js'
import { flags, type Rtnetlink } from './socket.js'

/** Message types and attributes (include/uapi/linux/{rtnetlink,pkt_cls,pkt_sched}.h). */
const types = { newQdisc: 36, delQdisc: 37, getQdisc: 38, newFilter: 44, delFilter: 45, getFilter: 46 } as const
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

/** `tc qdisc add dev LINK clsact`. Throws NetlinkError. */
export async function addClsact(netlink: Rtnetlink, index: number): Promise<void> {
  const body = Buffer.concat([
    header(index, clsact.handle, clsact.parent, 0),
    encodeAttributes([[tca.kind, text('clsact')]]),
  ])
  await netlink.request(types.newQdisc, flags.create | flags.exclusive, body)
}

/** `tc qdisc del dev LINK clsact`. Throws NetlinkError. */
export async function delClsact(netlink: Rtnetlink, index: number): Promise<void> {
  await netlink.request(types.delQdisc, 0, header(index, clsact.handle, clsact.parent, 0))
}

/** The indexes of the links that have a clsact queue. `tc qdisc` */
export async function listClsact(netlink: Rtnetlink): Promise<Set<number>> {
  const messages = await netlink.dump(types.getQdisc, header(0, 0, 0, 0))
  const found = messages.filter(
    (message) => readText(decodeAttributes(message.subarray(20)).get(tca.kind)) === 'clsact',
  )
  return new Set(found.map((message) => readU32(message.subarray(4)) ?? 0))
}

/**
 * Loads the program of a filter and attaches it. With `replace` the program of the filter at that place is exchanged
 * in one go: no packet passes unsteered. Throws NetlinkError, SystemCallError, or an Error from the verifier.
 */
export async function setFilter(netlink: Rtnetlink, index: number, filter: Filter, replace: boolean): Promise<void> {
  if (!filter.program) throw new Error(`the program ${filter.name} is not known to this version of fanctl`)
  const program = loadProgram(filter.name, filter.program)
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
    await netlink.request(types.newFilter, flags.create | (replace ? flags.replace : flags.exclusive), body)
  } finally {
    closeSync(program)
  }
}

/** `tc filter del dev LINK DIRECTION pref N handle H bpf`. Throws NetlinkError. */
export async function delFilter(netlink: Rtnetlink, index: number, filter: Filter): Promise<void> {
  const body = Buffer.concat([place(index, filter), encodeAttributes([[tca.kind, text('bpf')]])])
  await netlink.request(types.delFilter, 0, body)
}

function place(index: number, filter: Filter): Buffer {
  return header(index, filter.handle, parents[filter.direction], filter.preference * 65_536 + allProtocols)
}

export interface FoundFilter extends Filter {
  readonly programId: number
}

/** The filters with programs on a link, both directions. `tc filter show dev LINK egress|ingress` */
export async function listFilters(netlink: Rtnetlink, index: number, link: string): Promise<FoundFilter[]> {
  const found: FoundFilter[] = []
  for (const direction of ['ingress', 'egress'] as const)
    for (const message of await netlink.dump(types.getFilter, header(index, 0, parents[direction], 0))) {
      const attributes = decodeAttributes(message.subarray(20))
      const options = decodeAttributes(attributes.get(tca.options))
      const handle = readU32(message.subarray(8)) ?? 0
      // A dump also names the list that the filters of one preference hang on, as handle 0.
      if (handle === 0 || readText(attributes.get(tca.kind)) !== 'bpf') continue
      found.push({
        link,
        direction,
        preference: preferenceOf(readU32(message.subarray(16)) ?? 0),
        handle,
        name: readText(options.get(bpf.name)) ?? '',
        programId: readU32(options.get(bpf.id)) ?? 0,
      })
    }
  return found
}
