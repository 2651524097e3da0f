/** `fanctl config check`: what is wrong with the fan file and the kept settings, without a look at the host. */
import { type FileLine, isEnabled, parseFanFile } from '../../config/fan-file.js'
import { networksOf } from '../../config/networks.js'
import { FanError } from '../../core/errors.js'
import { defaultBridge, typeOf } from '../../core/fan.js'
import { formatPrefix, overlaps, samePrefix } from '../../core/ipv4.js'
import type { Files } from '../ports/files.js'
import { listSettings, readSettings } from './settings.js'

export const findingLevels = ['error', 'warning'] as const

export interface Finding {
  readonly level: (typeof findingLevels)[number]
  readonly path: string
  /** Both from 1; undefined: it is about the whole file. */
  readonly line?: number | undefined
  readonly column?: number | undefined
  readonly error: FanError
}

export interface ConfigCheck {
  /** What the fan file is called. */
  readonly path: string
  readonly findings: readonly Finding[]
}

/**
 * Every finding about a fan file, `path` being what it is called, and about all kept settings. What the host would have
 * to be asked for is not looked at. Throws FILE_UNUSABLE.
 */
export function checkConfig(files: Files, path: string, text: string): ConfigCheck {
  const { lines, problems } = parseFanFile(text, (networks) => readSettings(files, networks))
  const findings: Finding[] = [
    // A line with damaged settings is no worse than they are, and they are reported in their own file.
    ...problems
      .filter(({ error }) => error.code !== 'SETTINGS_INVALID')
      .map(({ line, column, error }): Finding => ({ level: 'error', path, line, column, error })),
    ...clashes(lines.filter((line) => !line.off)).map(
      ({ level, line: { line, column }, error }): Finding => ({ level, path, line, column, error }),
    ),
  ]
  findings.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
  findings.push(...checkSettings(files))
  return { path, findings }
}

function checkSettings(files: Files): Finding[] {
  return listSettings(files).flatMap(({ path, place, problems }): Finding[] => [
    ...(place ? [] : [{ level: 'warning' as const, path, error: new FanError('SETTINGS_STRANGE', { path }) }]),
    ...problems.map((problem) => ({ level: 'error' as const, path, ...problem })),
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
  const [claim, claimed] = [one, two].map((request) => typeOf(request).claim(request))
  if (networksOf(one) === networksOf(two)) return [`the networks ${networksOf(one)}`]
  return [
    ...(samePrefix(one.overlay, two.overlay)
      ? [`the overlay ${formatPrefix(one.overlay)}`]
      : overlaps(one.overlay, two.overlay)
        ? [`the overlapping overlay ${formatPrefix(two.overlay)}`]
        : []),
    ...(bridge === (two.bridge ?? defaultBridge(two.overlay)) ? [`the bridge ${bridge}`] : []),
    ...(claim !== undefined && claim === claimed ? [claim] : []),
  ]
}
