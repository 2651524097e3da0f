/** The signals that ask this process to stop, and which of them it has received. */
import { setTimeout as sleep } from 'node:timers/promises'

/** SIGHUP is a terminal that goes away, as when a connection breaks. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export type Signal = (typeof signals)[number]

/** Milliseconds that a signal to this process may come after the end of a program that it has hit, too. */
const patience = 100
const pause = 10

const received = new Set<string>()
const hearers: ((signal: Signal) => void)[] = []

/** From now on these signals do not end this process: `note` is told of each. */
export function hear(note: (signal: Signal) => void): void {
  if (hearers.length === 0) for (const name of signals) process.on(name, receive)
  hearers.push(note)
}

function receive(signal: NodeJS.Signals): void {
  received.add(signal)
  for (const note of hearers) note(signal as Signal)
}

/**
 * Whether a signal that has ended a program was for this process: it has received the same one at any time, or does in a
 * moment. A service manager takes one process after the other, those that came meanwhile, too; and threads can put their
 * signals into libuv's pipe in another order than they got them (Node 18: 2 ms late, once in 400).
 */
export async function hasReceived(signal: NodeJS.Signals | null): Promise<boolean> {
  const isHeard = hearers.length > 0 && signals.some((name) => name === signal)
  for (let waited = 0; isHeard && waited <= patience; waited += pause) {
    if (received.has(signal as Signal)) return true
    await sleep(pause)
  }
  return false
}
