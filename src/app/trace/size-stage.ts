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
  if (asked.length === 0) return skipped('size', 'not tried: nothing answered the small packets')
  if (asked.some(({ answer }) => answer.kind === 'unable'))
    return skipped('size', 'the ping program here cannot forbid fragmentation: install iputils-ping')
  if (host && !passes(host)) return underlayStage(fan, host, gateway)
  if (gateway && !passes(gateway))
    return failed('size', `${tooLarge(gateway, 'get through the fan')}, although the underlay carries them`, [
      `something treats ${typeOf(fan).wire?.packets ?? 'packets of containers'} differently from pings, or the fan's MTU on the other host is smaller: compare fanctl show --wide on both`,
      ...mtuHint(gateway.largest),
    ])
  if (target && !passes(target))
    return failed('size', `${tooLarge(target, 'reach the container')}, although its gateway accepts them`, [
      `its own link has a smaller MTU than the fan: set it to ${target.bytes} (DHCP does, with option 26)`,
    ])
  const largest = target ?? gateway ?? host
  return ok(
    'size',
    `packets of ${largest?.bytes} bytes arrive unfragmented${target || gateway ? '' : ' on the underlay'}`,
  )
}

function passes({ answer }: SizeFinding): boolean {
  return answer.kind === 'answered'
}

function tooLarge({ bytes, largest }: SizeFinding, verb: string): string {
  return `packets of ${bytes} bytes do not ${verb}${largest === undefined ? '' : ` (${largest} do)`}`
}

function underlayStage(fan: Fan, host: SizeFinding, gateway: SizeFinding | undefined): Stage {
  const hints = [
    `something between the hosts has a smaller MTU than the link here: set --mtu on every host, or raise the MTU in between`,
    ...mtuHint(host.largest === undefined ? undefined : host.largest - typeOf(fan).overhead),
  ]
  const text = tooLarge(host, 'get through the underlay')
  if (gateway && passes(gateway)) return warning('size', `${text}; the fan's packets still arrive, in fragments`, hints)
  return failed('size', text, [
    "connections hang as soon as they send much data: small packets pass, large ones don't",
    ...hints,
  ])
}

function mtuHint(mtu: number | undefined): string[] {
  return mtu !== undefined && mtu >= smallestMtu ? [`--mtu ${mtu} fits`] : []
}
