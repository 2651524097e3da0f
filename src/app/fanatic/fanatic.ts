/** `fanatic`: a fan and its line of the fan file, changed together. */
import { disableLine, enableLine, hasLine } from '../../config/edit-fan-file.js'
import { isEnabled, parseFanFile } from '../../config/fan-file.js'
import { networksOf, sameNetworks } from '../../config/networks.js'
import type { FanOptions } from '../../config/options/rows.js'
import type { FanRequest } from '../../config/request.js'
import { FanError } from '../../core/errors.js'
import { type Fan, formatReference } from '../../core/fan.js'
import { formatPrefix, networkOf, samePrefix } from '../../core/ipv4.js'
import { type FanNetworks, fanNetworks } from '../../core/networks.js'
import { readFanFile } from '../config/fan-file.js'
import { readSettings } from '../config/settings.js'
import { down } from '../fan/down.js'
import { knowFans, seenIn } from '../fan/known.js'
import { locked } from '../fan/locked.js'
import { checkPrivileged } from '../fan/perform.js'
import { resolveUnderlay } from '../fan/underlay.js'
import { type UpResult, up } from '../fan/up.js'
import type { Files } from '../ports/files.js'
import type { Machine, Observation } from '../ports/machine.js'

/**
 * Writes the line of a fan, with these options besides those that it has, and brings the fan up. If that fails, the file
 * is as it was. Throws what `up` throws, FILE_UNUSABLE, or what is wrong with the line.
 */
export async function enableFan(
  machine: Machine,
  files: Files,
  networks: FanNetworks,
  options: FanOptions,
  signal?: AbortSignal,
): Promise<UpResult> {
  checkPrivileged(machine, 'bring a fan up')
  let request: FanRequest | undefined
  const enable = (text: string) => {
    const after = enableLine(text, networks, hasLine(text, networks) ? options : { dhcp: true, ...options })
    request = requestIn(files, after, networks)
    return after
  }
  const restore = await editFile(machine, files, enable, signal)
  try {
    return await up(machine, { ...(request as FanRequest), enable: true }, signal)
  } catch (error) {
    await restore((text) => disableLine(text, networks))
    throw error
  }
}

/** What the enabled line asks for. Throws what is wrong with it. */
function requestIn(files: Files, text: string, networks: FanNetworks): FanRequest {
  const { lines, problems } = parseFanFile(text, (one) => readSettings(files, one))
  const line = lines.find((one) => sameNetworks(one, networks) && isEnabled(one))
  if (line) return line.request
  throw problems.at(-1)?.error ?? new Error(`no line for ${networksOf(networks)}`)
}

/**
 * Removes the line of a fan, or turns it off, and takes the fan down. If that fails, the file is as it was. A signal ends
 * the wait for the lock; what has begun is finished. Gives the bridge, undefined if the fan was not up. Throws
 * FAN_NOT_FOUND if there was no line either, or what `down` throws.
 */
export async function disableFan(
  machine: Machine,
  files: Files,
  networks: FanNetworks,
  signal?: AbortSignal,
): Promise<{ bridge: string | undefined; warnings: readonly string[] }> {
  checkPrivileged(machine, 'take a fan down')
  const { found, fans: whole, broken } = knowFans(await machine.observe())
  const fans = [...whole, ...seenIn(broken)]
  const fan = fans.find((one) => isAt(one, networks, found))
  let isThere = false
  const disable = (text: string) => {
    isThere = hasLine(text, networks)
    return disableLine(text, networks)
  }
  const restore = await editFile(machine, files, disable, signal)
  if (!fan && !isThere)
    throw new FanError('FAN_NOT_FOUND', {
      fan: `${formatPrefix(networks.overlay)} over ${formatReference(networks.underlay)}`,
      fans: fans.map(
        (one) => `${formatPrefix(one.overlay)} over ${formatReference(one.underlayReference)} on ${one.bridge}`,
      ),
    })
  if (!fan) return { bridge: undefined, warnings: [] }
  try {
    return await down(machine, { bridge: fan.bridge }, { force: false }, signal)
  } catch (error) {
    await restore((text) => enableLine(text, networks, {}))
    throw error
  }
}

/** Whether a fan is the one of a line: another text may name the same underlay. */
function isAt(fan: Fan, networks: FanNetworks, found: Observation): boolean {
  if (!samePrefix(fan.overlay, networks.overlay)) return false
  if (sameNetworks({ overlay: fan.overlay, underlay: fan.underlayReference }, networks)) return true
  if (networks.underlay.kind === 'prefix') return samePrefix(networkOf(networks.underlay.prefix), fan.underlay)
  try {
    return samePrefix(networkOf(resolveUnderlay(networks.underlay, found)), fan.underlay)
  } catch {
    return false
  }
}

/**
 * Changes the fan file with everybody else kept out. Gives what puts it back as it was; if somebody has changed it since,
 * `undo` says how.
 */
async function editFile(machine: Machine, files: Files, edit: (text: string) => string, signal?: AbortSignal) {
  const { config } = files.paths
  const isNew = files.readWhole(config) === undefined
  const { before, after } = await locked(machine, () => change(files, edit), signal)
  return async (undo: (text: string) => string): Promise<void> => {
    if (before === after) return
    await locked(machine, () => {
      const isUntouched = files.readForEdit(config) === after
      if (isNew && isUntouched) files.removeFile(config)
      else change(files, isUntouched ? () => before : undo)
    })
  }
}

function change(files: Files, edit: (text: string) => string): { before: string; after: string } {
  const before = files.readForEdit(files.paths.config)
  const after = edit(before)
  if (after !== before) files.rewriteWhole(files.paths.config, after)
  return { before, after }
}

export interface FanRow {
  readonly networks: FanNetworks
  readonly isUp: boolean
  /** Undefined: it is not up. */
  readonly bridge: string | undefined
}

/** The fans of the fan file that are not off, and those that are up without a line. Throws FILE_UNUSABLE. */
export async function listFans(machine: Machine, files: Files): Promise<FanRow[]> {
  const { found, fans: whole, broken } = knowFans(await machine.observe())
  const fans = [...whole, ...seenIn(broken)]
  const lines = readFanFile(files).lines.filter((line) => !line.off)
  const rows = lines.map((line) =>
    rowOf(
      line,
      fans.find((fan) => isAt(fan, line, found)),
    ),
  )
  const others = fans.filter((fan) => !lines.some((line) => isAt(fan, line, found)))
  return [
    ...rows,
    ...others.map((fan) => rowOf(fanNetworks({ overlay: fan.overlay, underlay: fan.underlayReference }), fan)),
  ]
}

function rowOf({ overlay, underlay, map }: FanNetworks, fan: Fan | undefined): FanRow {
  return { networks: { overlay, underlay, map }, isUp: fan !== undefined, bridge: fan?.bridge }
}
