/** The project's own arithmetic, for the lab. */
import { networkOf, type Prefix, parsePrefix } from '../../src/core/ipv4.js'

export { formatAddress, formatPrefix, ipv4, type Prefix } from '../../src/core/ipv4.js'

/** A network that the lab's author wrote. Throws an Error: it is no user's input. */
export function readablePrefix(text: string): Prefix {
  const prefix = parsePrefix(text)
  if (typeof prefix === 'string') throw new Error(`${text}: ${prefix}`)
  return networkOf(prefix)
}
