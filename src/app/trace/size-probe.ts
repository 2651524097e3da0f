/** Whether packets of full size get through, and if not, which do. */
import type { Answer, Probe } from '../../core/probe.js'
import type { Lookups } from '../ports/lookups.js'

export interface SizeFinding {
  /** What was asked for. */
  readonly bytes: number
  readonly answer: Answer
  /** The largest packet in bytes that gets through, where larger ones do not. */
  readonly largest: number | undefined
}

/** A packet of this size is what a small probe sends: 20 IPv4, 8 ICMP, 56 data. */
const smallProbe = 84

/** How many sizes are tried at once. Three rounds of so many tell the exact size up to an MTU of 4,900 bytes. */
const atOnce = 16

/** Sends packets of `bytes` bytes that must not be fragmented. With `isSearching` it finds what gets through instead. */
export async function probeSize(
  lookups: Lookups,
  probe: Probe,
  bytes: number,
  isSearching: boolean,
): Promise<SizeFinding> {
  const answer = await lookups.probe({ ...probe, bytes })
  if (answer.kind === 'too-big') return { bytes, answer, largest: answer.mtu }
  const isLost = answer.kind === 'silent' && isSearching
  return { bytes, answer, largest: isLost ? await search(lookups, probe, bytes) : undefined }
}

/** Probes in rounds, many sizes at once, because each that is lost takes its whole waiting time. */
async function search(lookups: Lookups, probe: Probe, lost: number): Promise<number | undefined> {
  let passes = smallProbe
  let fails = lost
  while (fails - passes > 1) {
    const gap = Math.ceil((fails - passes) / (atOnce + 1))
    const sizes: number[] = []
    for (let size = passes + gap; size < fails; size += gap) sizes.push(size)
    const answers = await Promise.all(sizes.map((bytes) => lookups.probe({ ...probe, bytes, seconds: 1 })))
    const reached = sizes.filter((_, index) => answers[index]?.kind === 'answered')
    passes = reached.at(-1) ?? passes
    fails = sizes.find((size) => size > passes) ?? fails
  }
  return passes > smallProbe ? passes : undefined
}
