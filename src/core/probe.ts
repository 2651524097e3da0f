/** A question to an address, "are you there?", and what can come of it. */
import type { Ipv4 } from './ipv4.js'

export interface Probe {
  readonly to: Ipv4
  /** Undefined: the kernel chooses. */
  readonly from?: Ipv4
  /** Of a whole IPv4 packet that must not be fragmented. Undefined: a small one. */
  readonly bytes?: number
  readonly count: number
  /** To wait for an answer after the last packet. */
  readonly seconds: number
}

export const answerKinds = [
  'answered',
  'silent',
  'refused',
  'too-big',
  'unsent',
  'unable',
] as const satisfies readonly Answer['kind'][]

export type Answer =
  | { readonly kind: 'answered'; readonly milliseconds: number }
  | { readonly kind: 'silent' }
  /** Somebody on the way says that the packet cannot get there. */
  | { readonly kind: 'refused'; readonly by: string; readonly reason: string }
  /** Somebody on the way, or this host, takes only smaller ones. */
  | { readonly kind: 'too-big'; readonly mtu: number | undefined }
  /** This host did not send it. */
  | { readonly kind: 'unsent'; readonly problem: string }
  /** The program here cannot send packets that must not be fragmented. */
  | { readonly kind: 'unable' }

/** IPv4 and ICMP headers, in bytes: what a packet has besides its data. */
export const headerBytes = 28
