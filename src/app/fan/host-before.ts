/** The settings of the whole host that fans change: what is noted of them before the first, and put back after the last. */
import { type Before, beforeFile, formatBefore, parseBefore } from '../../config/before.js'
import { acceptRedirects, forwarding, notedSysctls } from '../../core/desired.js'
import type { State } from '../../core/state.js'
import type { Observation } from '../ports/machine.js'

/** What is noted of the host before the first fan. What it was like later on, nobody needs to know. */
export function noteOf(wanted: State['sysctls'], found: Observation): string {
  const before = parseBefore(found.files)
  const isFirst = !found.links.some(({ ours }) => ours)
  if (before === 'newer' || (before === 'lost' && !isFirst)) return found.files[beforeFile] ?? ''
  if (typeof before === 'object') return formatBefore(before)
  return formatBefore({ madeFolder: !found.hasFolder, sysctls: changedBy(wanted, found.sysctls) })
}

/** One that a newer fanctl wrote stays for that: it alone knows what to put back. */
export function newerBefore(found: Observation): State['files'] {
  return parseBefore(found.files) === 'newer' ? { [beforeFile]: found.files[beforeFile] ?? '' } : {}
}

/** What a fan changes, and what the kernel will change when forwarding is turned off again, in that order. */
function changedBy(wanted: State['sysctls'], found: State['sysctls']): Record<string, string> {
  const isChanged = (key: string) => wanted[key] !== found[key]
  const keys = notedSysctls.filter((key) => isChanged(key) && (key !== acceptRedirects || isChanged(forwarding)))
  return Object.fromEntries(keys.flatMap((key) => (found[key] === undefined ? [] : [[key, found[key]]])))
}

/** Forwarding stays on where other bridges need it by now: Docker and the like only turn it on, once. */
export function toPutBack(found: Observation): Record<string, string> {
  const sysctls = { ...noted(found) }
  if (!found.links.some((link) => link.kind === 'bridge' && !link.ours)) return sysctls
  delete sysctls[forwarding]
  delete sysctls[acceptRedirects]
  return sysctls
}

/** What the last `down` says if it cannot put settings back, or leaves forwarding on although a fan turned it on. */
export function forwardingWarnings(found: Observation): string[] {
  const isKept = noted(found)[forwarding] !== undefined && toPutBack(found)[forwarding] === undefined
  return [
    ...lostWarning(found),
    ...(isKept ? ['net.ipv4.ip_forward stays 1, because other bridges on this host may need it'] : []),
  ]
}

function noted(found: Observation): Before['sysctls'] {
  const before = parseBefore(found.files)
  return typeof before === 'object' ? before.sysctls : {}
}

/** Said where settings that fans have changed cannot be put back. */
function lostWarning({ files, folder, sysctls }: Observation): string[] {
  const before = parseBefore(files)
  if (typeof before === 'object') return []
  const why = before === 'newer' ? 'was written by a newer fanctl' : 'is lost or damaged'
  const left = Object.entries(sysctls).map(([key, value]) => `${key.replaceAll('/', '.')} = ${value}`)
  return [`settings of the whole host were not reset, because ${folder}/${beforeFile} ${why}: ${left.join(', ')}`]
}
