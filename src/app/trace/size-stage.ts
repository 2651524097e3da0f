/** The stage of full-size packets: small ones get through, and large ones may not. */
import { type Fan, typeOf } from '../../core/fan.js'
import { smallestMtu } from '../../core/mtu.js'
import type { SizeFinding } from './size-probe.js'
import { failed, ok, type Stage, skipped, warning } from './stages.js'

/** Undefined: it was not tried, because even small packets did not get there. */
export interface Sizes {
  /** To the owner's underlay address, as large as the fan's outer packets. */
  readonly host?: SizeFinding
  /** Through the fan, of its MTU. */
  readonly gateway?: SizeFinding
  readonly target?: SizeFinding
}

/** What the sizes that got through say about the MTU of a fan. */
export function sizeStage(fan: Fan, { host, gateway, target }: Sizes): Stage {
  const asked = [host, gateway, target].filter((one) => one !== undefined)
  if (asked.length === 0) return skipped('size', 'nobody answered whom large packets could be sent to')
  if (asked.some(({ answer }) => answer.kind === 'unable'))
    return skipped(
      'size',
      'the program ping here cannot send packets that must not be fragmented: install iputils-ping',
    )
  if (host && !passes(host)) return underlayStage(fan, host, gateway)
  if (gateway && !passes(gateway))
    return failed('size', `${through(gateway)} through the fan, although the underlay takes them`, [
      `something treats ${typeOf(fan).wire?.packets ?? 'packets of containers'} differently from pings, or the fan's link on the other host is smaller: compare fanctl show --wide`,
      ...mtuHint(gateway.largest),
    ])
  if (target && !passes(target))
    return failed('size', `${through(target)} to the container, although its gateway takes them`, [
      `its own link has a smaller MTU than the fan's ${target.bytes}: give it that one (DHCP does, as option 26)`,
    ])
  const largest = target ?? gateway ?? host
  return ok('size', `packets of ${largest?.bytes} bytes arrive whole${target || gateway ? '' : ' on the underlay'}`)
}

function passes({ answer }: SizeFinding): boolean {
  return answer.kind === 'answered'
}

function through({ bytes, largest }: SizeFinding): string {
  return `packets of ${bytes} bytes do not get through${largest === undefined ? '' : `, those of ${largest} do,`}`
}

function underlayStage(fan: Fan, host: SizeFinding, gateway: SizeFinding | undefined): Stage {
  const hints = [
    `something between the hosts takes less than the link here: set --mtu on every host, or raise the MTU in between`,
    ...mtuHint(host.largest === undefined ? undefined : host.largest - typeOf(fan).overhead),
  ]
  const text = `${through(host)} on the underlay`
  if (gateway && passes(gateway))
    return warning('size', `${text}; the fan's packets arrive all the same, in fragments`, hints)
  return failed('size', text, [
    "connections stand still as soon as they send much: small packets pass, large ones don't",
    ...hints,
  ])
}

function mtuHint(mtu: number | undefined): string[] {
  return mtu !== undefined && mtu >= smallestMtu ? [`what fits is --mtu ${mtu}`] : []
}
