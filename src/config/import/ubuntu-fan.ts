/** /etc/default/ubuntu-fan of ubuntu-fan 0.1, which knew one fan: assignments of a shell, which are read, never run. */
import type { UnderlayReference } from '../../core/fan.js'
import { checkBridgeName } from '../../core/names.js'
import { readOverlay, readUnderlay } from '../values.js'
import { type Imported, type Importer, unknownImport } from './imported.js'

export const ubuntuFan: Importer = {
  knows: ({ text }) => /^[ \t]*(?:export[ \t]+)?FAN_[A-Z_]+=/m.test(text),
  read: ({ text }, underlay) => importUbuntuFan(text, underlay),
}

/** Throws IMPORT_UNKNOWN or what is wrong with a value. */
function importUbuntuFan(text: string, given: UnderlayReference | undefined): Imported {
  const values = readAssignments(text)
  const overlay = values.get('FAN_OVERLAY')
  if (!overlay) throw unknownImport('FAN_OVERLAY is missing')
  const underlay = values.get('FAN_UNDERLAY') || values.get('FAN_PRIMARY_ADDR') || values.get('FAN_PRIMARY')
  const bridge = values.get('USE_FAN_BRIDGE') === 'false' ? undefined : values.get('FAN_BRIDGE')
  const device = values.get('FAN_DEV')
  return {
    fans: [
      {
        overlay: readOverlay('FAN_OVERLAY', overlay),
        underlay: given ?? readUnderlay('the underlay', underlay || 'default'),
        options: { dhcp: true, ...(bridge && { bridge: checkBridgeName(bridge) }), enable: true },
      },
    ],
    notes: [
      ...(values.get('USE_FAN_BRIDGE') === 'false' ? ['USE_FAN_BRIDGE=false: a fan always has a bridge'] : []),
      ...(device ? [`FAN_DEV=${device}: the tunnel's name cannot be chosen`] : []),
    ],
  }
}

/** `NAME=value`, in quotes or not. */
function readAssignments(text: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, name, value = ''] = line.trim().match(/^(?:export\s+)?([A-Z_]+)=(.*)$/) ?? []
    if (name !== undefined)
      values.set(
        name,
        value
          .replace(/^(["'])(.*?)\1.*$/, '$2')
          .replace(/\s#.*$/, '')
          .trimEnd(),
      )
  }
  return values
}
