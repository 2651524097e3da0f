/** Texts that several commands print. */
import { cellOf } from '../core/printable.js'
import type { StepsView } from '../results/parts.js'
import type { UpView } from '../results/up.js'

/** The command lines of a plan. */
export function printPlan(steps: StepsView): string {
  return steps.length === 0 ? '# nothing to do' : steps.flatMap(({ commands }) => commands).join('\n')
}

/** What `up` says of a fan. */
export function printUp(fan: UpView['fan'], changed: boolean): string {
  if (!fan) return ''
  return [
    `${fan.bridge} ${changed ? 'is up' : 'is already up; nothing was changed'}`,
    `  slice ${fan.slice} of ${fan.overlay} over ${fan.underlay}, ${fan.type}, MTU ${fan.mtu}`,
    ...(fan.dhcp ? [`  DHCP from ${fan.pool.first} to ${fan.pool.last}`] : []),
  ].join('\n')
}

/** Every value of a fan, as comments: they stand above the command lines of its plan. */
export function printFan(fan: UpView['fan']): string {
  return Object.entries(fan ?? {})
    .map(
      ([name, value]) =>
        `# ${name}: ${value !== null && typeof value === 'object' ? `${value.first} to ${value.last}` : (value ?? 'none')}`,
    )
    .join('\n')
}

/** A table with a heading; the last column is not padded, so its cells can be painted. */
export function printTable(
  texts: readonly (readonly string[])[],
  paintLast: (cell: string) => string = (cell) => cell,
): string {
  const rows = texts.map((row) => row.map(cellOf))
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row.map((cell, column) => (column === row.length - 1 ? paintLast(cell) : cell.padEnd(widths[column] ?? 0))),
    )
    .map((row) => row.join('  ').trimEnd())
    .join('\n')
}
