/** Flags to requests. */
import type { FanChoice, FanRequest } from '../app/request.js'
import { readChoice, readNumber, readPrefix, readUnderlay } from '../config/values.js'
import { FanError } from '../core/errors.js'
import { encapsulations, largestPort, largestVni } from '../core/fan.js'
import { type FanMap, fanMap, poolOf, sliceLengthOf } from '../core/fan-map.js'
import { largestMtu, smallestMtu } from '../core/mtu.js'
import { checkBridgeName } from '../core/names.js'

interface NamingFlags {
  readonly overlay?: string | undefined
  readonly underlay?: string | undefined
  readonly bridge?: string | undefined
}

interface SettingFlags {
  readonly type: string
  readonly steering: string
  readonly dhcp: boolean
  readonly nat: boolean
  readonly 'host-reserve': string
  readonly mtu?: string | undefined
  readonly vni?: string | undefined
  readonly port?: string | undefined
}

/** Checked against the slice, too. */
const largestReserve = 2 ** 24

/** Throws whatever is wrong with any of them. */
export function requestFrom(flags: NamingFlags & SettingFlags): FanRequest {
  const overlay = readPrefix('--overlay', required('--overlay', flags.overlay, '-o 250.0.0.0/8'))
  const underlay = readUnderlay('--underlay', required('--underlay', flags.underlay, '-u 10.0.3.4/16'))
  // The arithmetic is wrong on every host, so it comes before anything about this one.
  const hostReserve = readNumber('--host-reserve', flags['host-reserve'], 1, largestReserve)
  if (underlay.kind === 'prefix') checkReserve(fanMap(overlay, underlay.prefix), hostReserve)
  readChoice('--steering', flags.steering, ['auto', 'ebpf'])
  const encapsulation = readChoice('--type', flags.type, encapsulations)
  if (encapsulation === 'ipip')
    for (const option of ['vni', 'port'] as const)
      if (flags[option] !== undefined) throw new FanError('OPTION_NEEDS_VXLAN', { option: `--${option}` })
  const { dhcp, nat } = flags
  return {
    overlay,
    underlay,
    encapsulation,
    dhcp,
    nat,
    hostReserve,
    ...(flags.bridge !== undefined && { bridge: checkBridgeName(flags.bridge) }),
    ...(flags.mtu !== undefined && { mtu: readNumber('--mtu', flags.mtu, smallestMtu, largestMtu) }),
    ...(flags.vni !== undefined && { vni: readNumber('--vni', flags.vni, 1, largestVni) }),
    ...(flags.port !== undefined && { port: readNumber('--port', flags.port, 1, largestPort) }),
  }
}

/** Throws whatever is wrong with any of them. */
export function choiceFrom({ overlay, underlay, bridge }: NamingFlags): FanChoice {
  if (overlay === undefined && bridge === undefined)
    required('--overlay or --bridge', overlay, '-o 250.0.0.0/8, or --bridge fan-250')
  return {
    ...(overlay !== undefined && { overlay: readPrefix('--overlay', overlay) }),
    ...(underlay !== undefined && { underlay: readUnderlay('--underlay', underlay) }),
    ...(bridge !== undefined && { bridge: checkBridgeName(bridge) }),
  }
}

/** Every slice of a map is as large as the first. */
function checkReserve(map: FanMap, hostReserve: number): void {
  poolOf({ address: map.overlay.address, length: sliceLengthOf(map) }, hostReserve)
}

/** What has to be there. Throws OPTION_MISSING. */
export function required(option: string, text: string | undefined, example: string): string {
  if (text === undefined) throw new FanError('OPTION_MISSING', { option, example })
  return text
}
