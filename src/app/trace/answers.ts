/** The stages behind this host: who answered, and what silence means where it begins. */
import { type Fan, linksOf, typeOf } from '../../core/fan.js'
import { formatAddress, type Ipv4 } from '../../core/ipv4.js'
import { either } from '../../core/printable.js'
import type { Answer } from '../../core/probe.js'
import type { Counts } from '../../core/steering/counters.js'
import type { OverlayPlace } from './place.js'
import { failed, ok, type Stage, type StageName, skipped } from './stages.js'
import { wireOf } from './way.js'

/** What the steering programs counted while the gateway was probed. */
export interface Counted {
  readonly before: Counts
  readonly after: Counts
}

/** Undefined: it was not probed. */
type Asked = Answer | undefined

export const answered = (answer: Asked) => answer?.kind === 'answered'

/** Whether an address answers; undefined: it was not probed, or this host could not send the probe. */
export function answersOf(answer: Asked): boolean | undefined {
  const isAsked = answer !== undefined && answer.kind !== 'unsent' && answer.kind !== 'unable'
  return isAsked ? answered(answer) : undefined
}

/** Milliseconds as ping gives them, or what went wrong in words. */
function wordsOf(answer: Answer): string {
  switch (answer.kind) {
    case 'answered':
      return `answers (${answer.milliseconds} ms)`
    case 'silent':
      return 'does not answer pings'
    case 'refused':
      return `cannot be reached: ${answer.by} reports "${answer.reason}"`
    case 'too-big':
      return `accepts only ${answer.mtu === undefined ? 'smaller packets' : `packets of up to ${answer.mtu} bytes`}`
    case 'unsent':
      return `was not probed: ${answer.problem}`
    case 'unable':
      return 'was not probed: the ping program here cannot set a size'
    default:
      return answer satisfies never
  }
}

/** A stage by its answer. Hints only where there is none. */
function answerStage(stage: StageName, who: string, answer: Asked, hints: readonly string[]): Stage {
  if (!answer) return skipped(stage, `${who} was not probed`)
  const text = `${who} ${wordsOf(answer)}`
  if (answersOf(answer) === undefined) return skipped(stage, text)
  return answered(answer) ? ok(stage, text) : failed(stage, text, hints)
}

/** The owner on the underlay, past all tunnels. `elsewhere` is where to look if hosts drop pings on purpose. */
export function hostStage(owner: Ipv4, answer: Asked, elsewhere: string): Stage {
  const off = 'the host is down or cut off, or a firewall drops pings to it; no fan is involved yet'
  const onPurpose = `if hosts here drop pings on purpose, ${elsewhere}`
  return answerStage('host', formatAddress(owner), answer, answer?.kind === 'silent' ? [off, onPurpose] : [off])
}

/** The owner's end of the fan. */
export function gatewayStage(place: OverlayPlace, host: Asked, answer: Asked, counted: Counted | undefined): Stage {
  const { gateway, owner, fan } = place
  const near = formatAddress(owner)
  const blockedBy = typeOf(fan).wire?.blockedBy
  const whyNot = [
    `the fan is not up on ${near}, ${otherThere(fan)}, or something in between drops ${wireOf(fan)}: a firewall, or a cloud's security group${blockedBy === undefined ? '' : ` (${blockedBy})`}`,
    `run on ${near}: fanctl show --wide; if Delivered grows with these probes, packets arrive and the answers get lost; if Spoofed or Misdirected grows, that fan was made with another underlay address or network; if Forged grows, they arrive there through a container's link`,
  ]
  // On vxlan a kernel that gave up on ARP a moment ago refuses at once and sends nothing: that tells nothing.
  const counts = answer?.kind === 'silent' ? countedHints(place, counted) : []
  const hints = answered(host) ? [...counts, ...whyNot] : counts
  return answerStage('gateway', `the gateway ${formatAddress(gateway)}`, answer, hints)
}

/** What can differ between two hosts so that packets of one do not reach the other's fan. */
function otherThere(fan: Fan): string {
  const flags = typeOf(fan).options.map((option) => `--${option}`)
  return `has another ${either(['type', ...flags])} there`
}

/** What the counters say about a gateway that does not answer. */
function countedHints({ fan, owner }: OverlayPlace, counted: Counted | undefined): string[] {
  if (!counted) return []
  const { before, after } = counted
  const link = linksOf(fan).at(-1)
  const grown = (name: keyof Counts) => after[name] - before[name]
  if (grown('sent') === 0)
    return [
      `none of these packets reached ${link} (Sent has not grown): a firewall of this host drops them, or the tunnel is broken`,
    ]
  if (grown('spoofed') > 0)
    return [
      `answers arrived but were dropped here as Spoofed (${grown('spoofed')}): they came from an address other than ${formatAddress(owner)}, so that host's fan was made with another address, or NAT is in between`,
    ]
  const delivered = grown('delivered') === 0 ? 'nothing came back' : 'other traffic was delivered'
  return [`${grown('sent')} packets left through ${link}; ${delivered}`]
}

/** The container itself. */
export function targetStage(place: OverlayPlace, gateway: Asked, answer: Asked): Stage {
  const host = formatAddress(place.owner)
  const hints = answered(gateway)
    ? [
        `the path to ${host} works, so the container is stopped, has another address, or drops pings; run there: fanctl trace ${formatAddress(place.address)}`,
        `if containers there answer only their own gateway, ${host} does not forward: another firewall's chain (Docker, ufw) drops the packets`,
      ]
    : []
  return answerStage('target', formatAddress(place.address), answer, hints)
}

/** An address on this host, behind its own bridge. */
export function hereStage(place: OverlayPlace, answer: Asked): Stage {
  return answerStage('target', formatAddress(place.address), answer, [
    'it is attached but does not answer: it drops pings',
  ])
}
