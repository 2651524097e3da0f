/** Links that fans have: making and removing them. What is on one is set before it starts, by `plan-links.ts`. */
import { type Change, subjectOf } from '../change.js'
import { afterCreation, creationMtuOf, linkGroup } from '../creation.js'
import { formatAddress, formatPrefix } from '../ipv4.js'
import { joined } from '../joined.js'
import { canBecome, prepareLink } from '../plan-links.js'
import type { Link, LinkMap, State } from '../state.js'
import type { ObjectType } from './object.js'
import { linkWord, traitWords } from './traits.js'

function linesOf(link: Link): string[] {
  const mac = 'mac' in link ? `address ${link.mac} ` : ''
  return [
    `ip link add ${link.name} ${mac}mtu ${creationMtuOf(link)} group ${linkGroup} type ${kindWords(link)}`,
    `ip link set ${link.name} ${traitWords(afterCreation(link))}`,
  ]
}

function kindWords(link: Link): string {
  switch (link.kind) {
    case 'bridge':
      return 'bridge'
    case 'vxlan': {
      const how = link.fanMap ? `id ${link.vnis[0]} ${mapWords(link.fanMap)}` : 'external vnifilter'
      return `vxlan dstport ${link.port} nolearning ${how}`
    }
    case 'ipip':
      return `ipip ${link.fanMap ? mapWords(link.fanMap) : 'external'}`
    default:
      return link satisfies never
  }
}

/** In the words of Ubuntu's iproute2. */
function mapWords({ local, overlay, underlay }: LinkMap): string {
  return `local ${formatAddress(local)} fan-map ${formatPrefix(overlay)}:${formatPrefix(underlay)}`
}

function nameOf({ kind, name }: Link): string {
  return `${kind === 'bridge' ? 'bridge' : 'tunnel'} ${name}`
}

/** Of what is made again what went before is not reported. */
function tell(changes: readonly Change<'link'>[], all: readonly Change[]): string[] {
  const made = changes.flatMap(({ after }) => after ?? [])
  if (made.length > 0) return [`restored ${joined(made.map(nameOf))}${portWords(made, all)}`]
  return changes.map((change) => `removed ${nameOf(subjectOf(change))}: it belongs to no fan`)
}

/** Links that are attached to a bridge again. */
function portWords(made: readonly Link[], all: readonly Change[]): string {
  const ports = all.flatMap(({ object, link = '', after }) =>
    object === 'traits' && after?.bridge && !made.some(({ name }) => name === link) ? link : [],
  )
  return ports.length > 0 ? ` with its ${ports.length === 1 ? 'port' : 'ports'} ${joined(ports)}` : ''
}

/** The links that nothing wants, or that cannot become what is wanted. */
export function obsoleteLinks(actual: State, desired: State): Link[] {
  return actual.links.filter((one) => {
    const wanted = desired.links.find(({ name }) => name === one.name)
    return wanted === undefined || !canBecome(one, wanted)
  })
}

export const link: ObjectType<'link'> = {
  words: { add: 'add-link', del: 'del-link' },
  obsolete: (actual, desired) => ({ links: obsoleteLinks(actual, desired) }),
  changes: (wanted, found) =>
    wanted.links.flatMap((one) =>
      prepareLink(
        one,
        found.links.find(({ name }) => name === one.name),
      ),
    ),
  describe: ({ link: name = '', after }) => (after ? linesOf(after) : [`ip link del ${linkWord(name)}`]),
  repair: { kind: 'link', remakes: ({ after }) => after !== undefined, tell, tellsAll: true },
}
