/** Requests and addresses for tests of use cases. */
import { defaults } from '../../../src/config/options/rows.js'
import type { FanRequest } from '../../../src/config/request.js'
import { readPrefix, readUnderlay } from '../../../src/config/values.js'
import { fanNetworks } from '../../../src/core/networks.js'

export const prefix = (text: string) => readPrefix('the prefix', text)

/** What a person would ask for, with the defaults of the command line, but for DHCP. */
export function request(overlay: string, underlay: string, more: Partial<FanRequest> = {}): FanRequest {
  return {
    ...fanNetworks({ overlay: prefix(overlay), underlay: readUnderlay('the underlay', underlay) }),
    ...defaults,
    dhcp: true,
    ...more,
  }
}
