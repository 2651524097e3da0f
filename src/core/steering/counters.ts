/** What the steering programs count, in packets. A counter's place here is its index in the program's map. */
export const counters = ['sent', 'delivered', 'spoofed', 'misdirected', 'offMap'] as const

export type Counter = (typeof counters)[number]

/** Packets of one fan since its programs were loaded. */
export type Counts = Readonly<Record<Counter, number>>

export function counterIndex(counter: Counter): number {
  return counters.indexOf(counter)
}

export const noCounts: Counts = { sent: 0, delivered: 0, spoofed: 0, misdirected: 0, offMap: 0 }

/** Adds up what several programs counted. */
export function addCounts(all: readonly Counts[]): Counts {
  const sum = { ...noCounts }
  for (const counts of all) for (const counter of counters) sum[counter] += counts[counter]
  return sum
}
