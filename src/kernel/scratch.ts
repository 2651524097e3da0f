/**
 * What the kernel can do, found out by doing it in a network namespace of its own. That lives as long as the one socket
 * in it, so nothing is left behind, however this process ends.
 */
import { closeSync, openSync } from 'node:fs'
import { FanError, messageOf } from '../core/errors.js'
import type { Filter, Link } from '../core/state.js'
import { loadProgram, VerifierError } from './bpf.js'
import { addClsact, setFilter } from './filters.js'
import { enterNetworkNamespace, leaveNetworkNamespace, SystemCallError } from './libc.js'
import { addLink } from './links/change.js'
import { listLinks } from './links/find.js'
import { NetlinkError } from './refusals.js'
import { openRtnetlink, type Rtnetlink } from './socket.js'

/** The one link that every namespace has. */
const loopback = 'lo'

/** Undefined if the kernel loads these programs and a link takes them as filters; else why not. */
export async function problemWithFilters(filters: readonly Filter[]): Promise<string | undefined> {
  return await refusalOf(async () => {
    const netlink = openScratch()
    // Loading is the greater part of it, and may be allowed where making namespaces is not.
    if (!netlink) return filters.forEach(loadOnly)
    try {
      await addClsact(netlink, loopback)
      for (const filter of filters) await setFilter(netlink, { ...filter, link: loopback }, false)
    } finally {
      netlink.close()
    }
  })
}

/** Undefined if the kernel makes this tunnel and tells of its map afterwards; else why not. */
export async function problemWithFanMap(link: Link): Promise<string | undefined> {
  return await refusalOf(async () => {
    const netlink = openScratch()
    if (!netlink) throw new Refusal('this process may not create the network namespace to try it in')
    try {
      await addLink(netlink, link)
      const made = (await listLinks(netlink)).find(({ name }) => name === link.name)
      if (!made?.fanMap) throw new Refusal('the kernel ignores fan maps')
    } catch (error) {
      const refusal = ownWordsOf(error)
      throw refusal instanceof NetlinkError ? new Refusal(`the kernel rejects fan maps: ${refusal.problem}`) : error
    } finally {
      netlink.close()
    }
  })
}

class Refusal extends Error {}

/** What the kernel says, in its words. Other errors are thrown. */
async function refusalOf(attempt: () => Promise<void>): Promise<string | undefined> {
  try {
    await attempt()
    return undefined
  } catch (error) {
    const refusal = ownWordsOf(error)
    if (refusal instanceof NetlinkError) return refusal.problem
    if ([SystemCallError, VerifierError, Refusal].some((kind) => refusal instanceof kind)) return messageOf(refusal)
    throw error
  }
}

/** What was refused here is tried elsewhere, so what it means for a fan is of no interest. */
function ownWordsOf(error: unknown): unknown {
  return error instanceof FanError && error.cause !== undefined ? error.cause : error
}

function loadOnly({ name, program }: Filter): void {
  if (program) closeSync(loadProgram(name, program))
}

/**
 * A socket in a new namespace, in which this thread is for no longer than it takes to open the socket. Undefined where
 * this process may not make namespaces (CAP_SYS_ADMIN), as in many containers.
 */
function openScratch(): Rtnetlink | undefined {
  const home = openSync('/proc/thread-self/ns/net', 'r')
  try {
    if (!leaveNetworkNamespace()) return undefined
    try {
      return openRtnetlink()
    } finally {
      enterNetworkNamespace(home)
    }
  } finally {
    closeSync(home)
  }
}
