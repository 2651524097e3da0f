/** What a person asks for, before anything about the host is known. */

import type { UnderlayReference } from '../config/values.js'
import type { Encapsulation } from '../core/fan.js'
import type { Prefix } from '../core/ipv4.js'

export interface FanRequest {
  readonly overlay: Prefix
  readonly underlay: UnderlayReference
  readonly encapsulation: Encapsulation
  readonly dhcp: boolean
  readonly nat: boolean
  readonly hostReserve: number
  readonly bridge?: string
  readonly mtu?: number
  readonly vni?: number
  readonly port?: number
}

/** Which fan to take down. At least one of the first two is there. */
export interface FanChoice {
  readonly overlay?: Prefix
  readonly bridge?: string
  readonly underlay?: UnderlayReference
}
