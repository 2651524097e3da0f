/**
 * The record of a fan in the runtime folder: what was asked for, so that a later command knows the other fans of the
 * host, and so that a run that was killed can be finished.
 */
import * as z from 'zod/mini'
import { FanError } from '../core/errors.js'
import {
  checkHost,
  encapsulations,
  type Fan,
  formatReference,
  hostTextOf,
  largestPort,
  largestVni,
  longestReason,
  steerings,
} from '../core/fan.js'
import { fanMap, poolOf, sliceOf } from '../core/fan-map.js'
import { formatPrefix } from '../core/ipv4.js'
import { largestMtu, smallestMtu } from '../core/mtu.js'
import { checkBridgeName } from '../core/names.js'
import { checkRoutable } from '../core/routes.js'
import { readPrefix, readUnderlay } from './values.js'

const schema = z.object({
  format: z.literal(1),
  overlay: z.string(),
  underlay: z.string(),
  type: z.enum(encapsulations),
  steering: z.enum(steerings),
  steeringReason: z.string().check(z.maxLength(longestReason), z.regex(/^\P{Cc}*$/u)),
  dhcp: z.boolean(),
  nat: z.boolean(),
  hostReserve: z.int(),
  /** The underlay as it was asked for. */
  asked: z.string(),
  enable: z.boolean(),
  mtu: z.optional(z.int().check(z.gte(smallestMtu), z.lte(largestMtu))),
  vni: z.optional(z.int().check(z.gte(1), z.lte(largestVni))),
  port: z.optional(z.int().check(z.gte(1), z.lte(largestPort))),
})

const ending = '.fan.json'

export function recordName(bridge: string): string {
  return bridge + ending
}

/** The bridge of a record, by the name of its file. */
export function bridgeOfRecord(name: string): string {
  return name.slice(0, -ending.length)
}

export function isRecord(name: string): boolean {
  return name.endsWith(ending)
}

export function formatRecord(fan: Fan): string {
  const { encapsulation: type, steering, steeringReason, dhcp, nat, hostReserve, enable, mtu, vni, port } = fan
  const record: z.infer<typeof schema> = {
    format: 1,
    overlay: formatPrefix(fan.overlay),
    underlay: hostTextOf(fan),
    type,
    steering,
    steeringReason,
    dhcp,
    nat,
    hostReserve,
    asked: formatReference(fan.asked),
    enable,
    ...(mtu !== undefined && { mtu }),
    ...(vni !== undefined && { vni }),
    ...(port !== undefined && { port }),
  }
  return `${JSON.stringify(record)}\n`
}

/** The fans that the runtime folder tells of. Throws FILE_INVALID. */
export function parseRecords(files: Readonly<Record<string, string>>, folder: string): Fan[] {
  return Object.entries(files)
    .filter(([name]) => isRecord(name))
    .map(([name, text]) => {
      try {
        return parseRecord(bridgeOfRecord(name), text)
      } catch (cause) {
        throw new FanError('FILE_INVALID', { path: `${folder}/${name}`, problem: problemOf(cause) }, { cause })
      }
    })
}

function problemOf(cause: unknown): string {
  if (cause instanceof z.core.$ZodError)
    return cause.issues.map((issue) => `${issue.path.join('.') || 'the record'}: ${issue.message}`).join(', ')
  return cause instanceof Error ? cause.message : String(cause)
}

function parseRecord(bridge: string, text: string): Fan {
  const { type, overlay, underlay, asked, format: _, ...rest } = schema.parse(JSON.parse(text))
  const host = readPrefix('underlay', underlay)
  const { mtu, vni, port, ...settings } = rest
  const map = fanMap(readPrefix('overlay', overlay), host)
  checkHost(map, host.address)
  if (rest.steering === 'routes') checkRoutable(map)
  poolOf(sliceOf(map, host.address), rest.hostReserve)
  return {
    ...map,
    host: host.address,
    asked: readUnderlay('asked', asked),
    bridge: checkBridgeName(bridge),
    encapsulation: type,
    ...settings,
    ...(mtu !== undefined && { mtu }),
    ...(vni !== undefined && { vni }),
    ...(port !== undefined && { port }),
  }
}
