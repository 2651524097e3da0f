/** What the kernel tells by itself: multicast messages over netlink. Nobody polls, so nothing wakes up in between. */
import type { RawNetlinkSocket } from 'netlink/dist/raw.js'
import { type NetlinkMessage, parseMessages } from 'netlink/dist/structs.js'
import { tableName } from '../core/firewall/table.js'
import { decodeAttributes, readText } from './attributes.js'
import { families, mainTable, messages } from './constants.js'
import { descriptorOf, openRawSocket } from './descriptors.js'
import { readSocketMemory, setSocketOption } from './libc.js'

/** Socket options (include/uapi/linux/netlink.h). */
const solNetlink = 270
const noLossErrors = 5

interface Source {
  /** The netlink protocol, and its groups to join. */
  readonly protocol: number
  readonly groups: readonly number[]
  /** Whether a message can be about a fan. */
  readonly matters: (message: NetlinkMessage) => boolean
}

const linkTypes: readonly number[] = [messages.newLink, messages.delLink]
const addressTypes: readonly number[] = [messages.newAddress, messages.delAddress]
const routeTypes: readonly number[] = [messages.newRoute, messages.delRoute]

const rtnetlink: Source = {
  protocol: 0,
  // RTNLGRP_LINK, _TC, _IPV4_IFADDR, _IPV4_ROUTE, _IPV4_NETCONF (forwarding and the like), _TUNNEL (VNIs)
  groups: [1, 4, 5, 7, 24, 35],
  matters: ({ type, data }) => {
    // Bridges tell about their ports in messages of the family AF_BRIDGE, too.
    if (linkTypes.includes(type)) return data[0] === families.unspecified
    if (addressTypes.includes(type)) return data[0] === families.inet
    return !routeTypes.includes(type) || data[4] === mainTable
  },
}

/** Every message about a table, chain or rule begins with the table's name (struct nfgenmsg, then NFTA_*_TABLE). */
const nftables: Source = {
  protocol: 12,
  // NFNLGRP_NFTABLES
  groups: [7],
  matters: ({ data }) => readText(decodeAttributes(data.subarray(4)).get(1)) === tableName,
}

/**
 * Calls back after each message that can be about a fan, which may be often, until the function that it returns is
 * called. Messages that got lost count as one that matters. Throws the system's error if there can be no more sockets:
 * one that is left open would keep this process alive.
 */
export function watchKernel(onChange: () => void): () => void {
  const stops: (() => void)[] = []
  const stop = () => {
    for (const one of stops) one()
  }
  try {
    for (const source of [rtnetlink, nftables]) stops.push(watch(source, onChange))
  } catch (error) {
    stop()
    throw error
  }
  return stop
}

function watch(source: Source, onChange: () => void): () => void {
  const socket = join(source)
  if (!socket) return () => {}
  let stopped = false
  const countLost = closingIfFailed(socket, () => lossCounter(source.protocol, socket.address().port))
  let lost = 0
  socket.on('message', (bytes) => {
    const before = lost
    lost = countLost()
    if (!stopped && (lost !== before || parseMessages(bytes).some(source.matters))) onChange()
  })
  return () => {
    stopped = true
    socket.close()
  }
}

/**
 * Counts the messages for which there was no room. The kernel would make each loss an error of the socket (ENOBUFS), on
 * which the netlink package ends the process; so that is turned off. Room only lacks while others wait to be read, so
 * no loss goes unseen.
 */
function lossCounter(protocol: number, port: number): () => number {
  const descriptor = descriptorOf(protocol, port)
  if (descriptor === undefined) return () => 0
  setSocketOption(descriptor, solNetlink, noLossErrors, 1)
  return () => readSocketMemory(descriptor).drops
}

function closingIfFailed<Result>(socket: RawNetlinkSocket, use: () => Result): Result {
  try {
    return use()
  } catch (error) {
    socket.close()
    throw error
  }
}

/** A socket that has joined the groups. A kernel that lacks one, or the protocol, has nothing to tell about it. */
function join({ protocol, groups }: Source): RawNetlinkSocket | undefined {
  let socket: RawNetlinkSocket
  try {
    socket = openRawSocket(protocol)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPROTONOSUPPORT') return undefined
    throw error
  }
  for (const group of groups) {
    try {
      socket.addMembership(group)
    } catch {
      // VNIs have a group since Linux 5.18.
    }
  }
  return socket
}
