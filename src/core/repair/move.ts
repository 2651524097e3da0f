/** Fans that follow their host to another address. */
import { type Fan, fanSliceOf, hostTextOf } from '../fan.js'
import { formatPrefix } from '../ipv4.js'

/** A fan whose host has another address now. */
export interface Move {
  readonly from: Fan
  readonly to: Fan
}

/** The changes of a moved fan are many, and follow from one thing. */
export function moveWords({ from, to }: Move): string {
  return `followed this host from ${hostTextOf(from)} to ${hostTextOf(to)}; its slice is now ${formatPrefix(fanSliceOf(to))} (was ${formatPrefix(fanSliceOf(from))})`
}
