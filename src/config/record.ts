/**
 * The record of a fan in the runtime folder: what was asked for, so that a later command knows the other fans of the
 * host, and so that a run that was killed can be finished.
 */
import * as z from 'zod/mini'
import { FanError, messageOf } from '../core/errors.js'
import { type Fan, formatReference, hostTextOf, longestReason } from '../core/fan.js'
import { formatPrefix } from '../core/ipv4.js'
import { makeFan } from '../core/make-fan.js'
import { checkBridgeName, isBridgeName } from '../core/names.js'
import { fanNetworks } from '../core/networks.js'
import { fieldsOf, fieldsSchema, settingsOf } from './options/fields.js'
import { readPrefix, readUnderlay, usualOverlayLength } from './values.js'

/** The only one so far. */
const format = 1

/** Besides the options. Records of the first versions do without a bridge, which the file's name says. */
const schema = z.object({
  ...fieldsSchema(z),
  format: z.literal(format),
  overlay: z.string(),
  underlay: z.string(),
  steeringReason: z.string().check(z.maxLength(longestReason), z.regex(/^\P{Cc}*$/u)),
  /** The underlay as it was asked for. */
  asked: z.string(),
})

/** What stands first in a record, so that one of an earlier version that is written again is the same to the byte. */
const order =
  'format bridge overlay underlay type steering steeringReason dhcp nat hostReserve asked enable mtu vni port'.split(
    ' ',
  )

const ending = '.fan.json'

export function recordName(bridge: string): string {
  return bridge + ending
}

/** The bridge of a record, by the name of its file. */
function bridgeOfRecord(name: string): string {
  return name.slice(0, -ending.length)
}

export function isRecord(name: string): boolean {
  return name.endsWith(ending)
}

export function formatRecord(fan: Fan): string {
  const record: z.infer<typeof schema> = {
    ...fieldsOf(fan),
    format,
    overlay: formatPrefix(fan.overlay),
    underlay: hostTextOf(fan),
    steeringReason: fan.steeringReason,
    asked: formatReference(fan.underlayReference),
  }
  return `${JSON.stringify(record, [...new Set([...order, ...Object.keys(record)])])}\n`
}

/** A record that is of no use, and of which fan it would be. */
export interface BrokenRecord {
  /** The name of its file. */
  readonly file: string
  readonly bridge: string
  /** FILE_INVALID, RECORD_UNREADABLE or RECORD_NEWER. */
  readonly problem: FanError
}

/** The fans that the runtime folder tells of, and the records that tell nothing. `unreadable` says why, by name. */
export function readRecords(
  files: Readonly<Record<string, string>>,
  unreadable: Readonly<Record<string, string>>,
  folder: string,
): { fans: Fan[]; broken: BrokenRecord[] } {
  const fans: Fan[] = []
  const broken: BrokenRecord[] = []
  for (const [file, text] of Object.entries(files).filter(([name]) => isRecord(name))) {
    const path = `${folder}/${file}`
    const bridge = bridgeOfRecord(file)
    const problem = unreadable[file]
    if (problem !== undefined) {
      broken.push({ file, bridge, problem: new FanError('RECORD_UNREADABLE', { path, problem, ...named(bridge) }) })
      continue
    }
    try {
      fans.push(parseRecord(bridge, text, path))
    } catch (cause) {
      const own = bridgeNamedIn(text)
      const isRenamed = own !== undefined && files[recordName(own)] === undefined
      broken.push(brokenBy(cause, file, isRenamed ? own : bridge, folder))
    }
  }
  return { fans, broken }
}

/** A record that tells nothing of use, and why. */
export function brokenBy(cause: unknown, file: string, bridge: string, folder: string): BrokenRecord {
  const isNewer = cause instanceof FanError && cause.code === 'RECORD_NEWER'
  const details = { path: `${folder}/${file}`, problem: problemOf(cause), ...named(bridge) }
  return { file, bridge, problem: isNewer ? cause : new FanError('FILE_INVALID', details, { cause }) }
}

function named(bridge: string): { bridge?: string } {
  return isBridgeName(bridge) ? { bridge } : {}
}

/** The bridge that a record is about, wherever it lies now. */
function bridgeNamedIn(text: string): string | undefined {
  try {
    return checkBridgeName(z.object({ bridge: z.string() }).parse(JSON.parse(text)).bridge)
  } catch {
    return undefined
  }
}

function problemOf(cause: unknown): string {
  if (cause instanceof z.core.$ZodError)
    return cause.issues.map((issue) => `${issue.path.join('.') || 'the record'}: ${issue.message}`).join(', ')
  return messageOf(cause)
}

function parseRecord(bridge: string, text: string, path: string): Fan {
  const data: unknown = JSON.parse(text)
  const newer = z.object({ format: z.int().check(z.gt(format)) }).safeParse(data)
  if (newer.success) throw new FanError('RECORD_NEWER', { path, format: newer.data.format })
  const record = schema.parse(data)
  const { bridge: named = bridge, overlay, underlay, asked, steeringReason } = record
  if (named !== bridge) throw new Error(`it is the record of the fan on ${named}, not of one on ${bridge}`)
  const networks = {
    overlay: readPrefix('overlay', overlay, usualOverlayLength),
    underlay: readUnderlay('asked', asked),
  }
  const settings = { ...settingsOf(record), bridge: checkBridgeName(bridge), steeringReason }
  return makeFan(fanNetworks(networks), settings, readPrefix('underlay', underlay))
}
