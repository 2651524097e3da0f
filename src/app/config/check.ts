/** `fanctl config check`: what is wrong with the fan file and the kept settings, without a look at the host. */
import { type FileLine, isEnabled, parseFanFile } from '../../config/fan-file.js'
import { networksOf } from '../../config/networks.js'
import type { Paths } from '../../config/paths.js'
import { FanError } from '../../core/errors.js'
import { defaultBridge, defaultPort, defaultVni } from '../../core/fan.js'
import { formatPrefix, overlaps, samePrefix } from '../../core/ipv4.js'
import type { ConfigCheckView } from '../../results/config.js'
import { listSettings, readSettings } from './settings.js'

export type Finding = ConfigCheckView['findings'][number]

/**
 * Every finding about a fan file, `path` being what it is called, and about all kept settings. What the host would have
 * to be asked for is not looked at. Throws FILE_UNUSABLE.
 */
export function checkConfig(paths: Paths, path: string, text: string): ConfigCheckView {
  const { lines, problems } = parseFanFile(text, (place) => readSettings(paths, place))
  const findings: Finding[] = [
    // A line with damaged settings is no worse than they are, and they are reported in their own file.
    ...problems
      .filter(({ error }) => error.code !== 'SETTINGS_INVALID')
      .map(({ line, column, error }) => finding('error', { path, line, column }, error)),
    ...clashes(lines.filter((line) => !line.off)).map(({ level, line, error }) =>
      finding(level, { path, line: line.line, column: line.column }, error),
    ),
  ]
  findings.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
  findings.push(...checkSettings(paths))
  return { format: 1, file: path, ok: findings.every(({ level }) => level !== 'error'), findings, warnings: [] }
}

function checkSettings(paths: Paths): Finding[] {
  return listSettings(paths).flatMap(({ path, place, problems }) => [
    ...(place ? [] : [finding('warning', { path }, new FanError('SETTINGS_STRANGE', { path }))]),
    ...problems.map(({ line, column, error }) => finding('error', { path, line, column }, error)),
  ])
}

interface Clash {
  readonly level: Finding['level']
  readonly line: FileLine
  readonly error: FanError
}

/** Each line against those before it. Two that `up -a` brings up are an error, others only a warning. */
function clashes(lines: readonly FileLine[]): Clash[] {
  return lines.flatMap((line, index) =>
    lines.slice(0, index).flatMap((other): Clash[] => {
      const isSame = JSON.stringify(line.request) === JSON.stringify(other.request)
      const level = isEnabled(line) && isEnabled(other) && !isSame ? 'error' : 'warning'
      const [taken] = takenBy(line, other)
      if (taken === undefined) return []
      return [{ level, line, error: new FanError('LINES_CLASH', { taken, line: other.line }) }]
    }),
  )
}

/** What two fans cannot both have, the worst first. */
function takenBy(line: FileLine, other: FileLine): string[] {
  const [one, two] = [line.request, other.request]
  const bridge = one.bridge ?? defaultBridge(one.overlay)
  const isVxlan = one.encapsulation === 'vxlan' && two.encapsulation === 'vxlan'
  const [vni, port] = [one.vni ?? defaultVni(one.overlay), one.port ?? defaultPort]
  const sameVni = vni === (two.vni ?? defaultVni(two.overlay)) && port === (two.port ?? defaultPort)
  if (networksOf(one) === networksOf(two)) return [`the networks ${networksOf(one)}`]
  return [
    ...(samePrefix(one.overlay, two.overlay)
      ? [`the overlay ${formatPrefix(one.overlay)}`]
      : overlaps(one.overlay, two.overlay)
        ? [`the overlapping overlay ${formatPrefix(two.overlay)}`]
        : []),
    ...(bridge === (two.bridge ?? defaultBridge(two.overlay)) ? [`the bridge ${bridge}`] : []),
    ...(isVxlan && sameVni ? [`VNI ${vni} on UDP port ${port}`] : []),
  ]
}

function finding(
  level: Finding['level'],
  { path, line, column }: { path: string; line?: number; column?: number },
  { code, message, hint }: FanError,
): Finding {
  return { level, path, line: line ?? null, column: column ?? null, code, message, hint: hint ?? null }
}
