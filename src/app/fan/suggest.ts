/** What the wizard proposes: the network that the host reaches the world through, and an overlay that nothing uses. */
import { parseFanFile } from '../../config/fan-file.js'
import { fanMap } from '../../core/fan-map.js'
import { ipv4, networkOf, overlaps, type Prefix } from '../../core/ipv4.js'
import type { Files } from '../ports/files.js'
import type { Observation } from '../ports/machine.js'
import { knowFans, seenIn } from './known.js'

export interface Suggestion {
  readonly underlay: Prefix | undefined
  readonly overlay: Prefix | undefined
}

/** Class E, which nobody routes: first what ubuntu-fan and its documents use. */
const firstOctets = [250, 251, 252, 253, 254, 249, 248, 247, 246, 245, 244, 243, 242, 241, 240]
const overlays = firstOctets.map((octet): Prefix => ({ address: ipv4(octet * 2 ** 24), length: 8 }))

/** What a cloud gives a host as /32 or as one very large network is none that a fan could map. */
const usualLength = 16
const shortest = 10
const longest = 30

/** The fan that is configured, if it is one; otherwise what is free. Throws FILE_UNUSABLE. */
export function suggest(found: Observation, files: Files): Suggestion {
  const { lines } = parseFanFile(files.readWhole(files.paths.config) ?? '')
  const [line, another] = lines.filter(({ off }) => !off)
  if (line && !another && line.underlay.kind === 'prefix')
    return { underlay: networkOf(line.underlay.prefix), overlay: line.overlay }
  const underlay = defaultNetwork(found)
  const { fans, broken } = knowFans(found)
  const taken = [
    ...lines.map(({ overlay }) => overlay),
    ...[...fans, ...seenIn(broken)].map(({ overlay }) => overlay),
    ...found.routes.map(({ prefix }) => prefix).filter(({ length }) => length >= 2),
    ...found.addresses.map(({ prefix }) => networkOf(prefix)),
  ]
  const free = overlays.filter((overlay) => !taken.some((one) => overlaps(one, overlay)))
  return { underlay, overlay: free.find((overlay) => !underlay || isFan(overlay, underlay)) }
}

function defaultNetwork({ routes, addresses }: Observation): Prefix | undefined {
  const link = routes.find(({ prefix }) => prefix.length === 0)?.link
  const prefix = addresses.find((address) => address.link === link)?.prefix
  if (!prefix) return undefined
  const length = prefix.length >= shortest && prefix.length <= longest ? prefix.length : usualLength
  return networkOf({ address: prefix.address, length })
}

function isFan(overlay: Prefix, underlay: Prefix): boolean {
  try {
    fanMap(overlay, underlay)
    return true
  } catch {
    return false
  }
}
