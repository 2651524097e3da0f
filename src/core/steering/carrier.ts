/** What steering programs have to know of the tunnel that they are on. */

/** Where addresses begin, in bytes from the start of a packet. */
interface Ends {
  readonly source: number
  readonly destination: number
}

export interface Carrier {
  readonly ipv4: Ends
  /** Of a tunnel that carries Ethernet frames. */
  readonly arp?: Ends
  /** BPF_F_* of bpf_skb_set_tunnel_key. */
  readonly keyFlags: number
  /** What tells its packets from others' in the tunnel key. Undefined: nothing. */
  readonly id?: number
  /** Whether a packet that is not this fan's may be another's. */
  readonly isShared: boolean
}
