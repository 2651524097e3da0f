/**
 * The fans of a host: those that records tell of, and those whose records tell nothing. What is known of the latter, the
 * kernel says; so one broken record breaks one fan, and what it shares with others stays as it is.
 */
import { type BrokenRecord, brokenBy, readRecords, recordName } from '../../config/record.js'
import { FanError } from '../../core/errors.js'
import type { Fan } from '../../core/fan.js'
import { bridgeName } from '../../core/names.js'
import type { Observation } from '../ports/machine.js'
import { checkBeside } from './conflicts.js'
import { byMark, isBridgeOf } from './marks.js'
import { fansSeen } from './seen.js'

/** A fan that cannot be kept: how it should be is not known. */
export interface BrokenFan extends BrokenRecord {
  /** What the kernel has of it, undefined where that does not say enough. */
  readonly seen: Fan | undefined
}

export interface Known {
  /** The host, with every link of these fans under the name that it should have. */
  readonly found: Observation
  readonly fans: readonly Fan[]
  readonly broken: readonly BrokenFan[]
}

/** Never throws for what is in the records. */
export function knowFans(found: Observation): Known {
  const read = readRecords(found.files, found.unreadable, found.folder)
  const { fans, clashing } = apart(read.fans, found)
  const orphans = fansSeen(found).filter(({ bridge }) => !fans.some((fan) => fan.bridge === bridge))
  const clashes = clashing.map((record) => ({ ...record, seen: seenOf(record, orphans) }))
  const broken = [...withSeen(read.broken, orphans), ...clashes]
  return { found: byMark(found, [...fans, ...seenIn(broken)]), fans, broken }
}

/** The broken fans of which the kernel tells enough. */
export function seenIn(broken: readonly BrokenFan[]): Fan[] {
  return broken.flatMap(({ seen }) => seen ?? [])
}

/** Its bridge may have another name by now: the one that it has by default tells, or that no other is left. */
function withSeen(records: readonly BrokenRecord[], orphans: readonly Fan[]): BrokenFan[] {
  const byName = records.map((record) => ({ ...record, seen: seenOf(record, orphans) }))
  const [record, another] = byName.filter(({ seen }) => !seen)
  const [orphan, second] = orphans.filter(({ overlay }) => !byName.some(({ seen }) => seen?.overlay === overlay))
  if (!record || another || !orphan || second) return byName
  return byName.map((one) => (one === record ? { ...one, seen: { ...orphan, bridge: one.bridge } } : one))
}

function seenOf({ bridge }: BrokenRecord, orphans: readonly Fan[]): Fan | undefined {
  const seen =
    orphans.find((fan) => fan.bridge === bridge) ?? orphans.find(({ overlay }) => bridgeName(overlay) === bridge)
  return seen && { ...seen, bridge }
}

/** Of records that cannot hold at once, those count whose bridges are there. */
function apart(all: readonly Fan[], found: Observation): { fans: Fan[]; clashing: BrokenRecord[] } {
  const isThere = (fan: Fan) => found.links.some((link) => link.name === fan.bridge && isBridgeOf(link, fan))
  const fans: Fan[] = []
  const clashing: BrokenRecord[] = []
  for (const fan of [...all.filter(isThere), ...all.filter((one) => !isThere(one))]) {
    try {
      for (const other of fans) checkBeside(fan, other)
      fans.push(fan)
    } catch (problem) {
      if (!(problem instanceof FanError)) throw problem
      clashing.push(brokenBy(problem, recordName(fan.bridge), fan.bridge, found.folder))
    }
  }
  return { fans: all.filter((fan) => fans.includes(fan)), clashing }
}
