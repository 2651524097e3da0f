/** The lab as text. */
import type { FanView } from '../../src/results/parts.js'
import type { Lab, LabContainer, LabHost, Pair } from '../lab/lab.js'

/** The underlay above, each host with its addresses below it, containers at the bottom. */
export function drawTopology(lab: Lab, fans: ReadonlyMap<LabHost, FanView>): string {
  const columns = lab.hosts.map((host) => {
    const fan = fans.get(host)
    const containers = lab.containers.filter((one) => one.host === host)
    return [
      '│',
      `${host.name}  eth0 ${host.address}`,
      '│',
      fan?.tunnel ?? '',
      '│',
      fan?.bridge ?? '',
      fan?.slice ?? '',
      '│',
      ...containers.map((one) => `${one.name}  ${one.address}`),
    ]
  })
  const width = Math.max(...columns.flat().map((text) => text.length)) + 3
  const line = (texts: string[]) =>
    texts
      .map((text) => text.padEnd(width))
      .join('')
      .trimEnd()
  const rows = Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => line(columns.map((one) => one[row] ?? '')))
  const underlay = '─ underlay '.padEnd(width * columns.length, '─')
  return [underlay, ...rows].map((row) => `  ${row}`).join('\n')
}

/** Who reaches whom: a row for each sender. */
export function drawMatrix(containers: readonly LabContainer[], pairs: readonly Pair[]): string {
  const names = containers.map(({ name }) => name)
  const width = Math.max(...names.map((name) => name.length)) + 2
  const cell = (from: LabContainer, to: LabContainer) => {
    if (from === to) return '-'
    return pairs.some((pair) => pair.from === from && pair.to === to && pair.reached) ? 'yes' : 'NO'
  }
  const rows = containers.map((from) => [from.name, ...containers.map((to) => cell(from, to))])
  return [['', ...names], ...rows]
    .map((row) => `  ${row.map((text) => text.padEnd(width)).join('')}`.trimEnd())
    .join('\n')
}
