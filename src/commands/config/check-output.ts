/** What is wrong with a fan file, a line each as compilers have it. */
import type { ConfigCheckView } from '../../results/config-check.js'
import { type Paint, plain } from '../colour.js'

const colours = { error: 'red', warning: 'yellow' } as const

export function printFindings({ findings, file }: ConfigCheckView, paint: Paint = plain): string {
  if (findings.length === 0) return `${file}: no problems found`
  return findings
    .map(({ level, path, line, column, code, message, hint }) => {
      const place = [path, ...(line === null ? [] : [line]), ...(column === null ? [] : [column])].join(':')
      const details = hint === null ? '' : `\n  ${hint}`
      return `${place}: ${paint(colours[level], `${level}:`)} ${message} (${code})${details}`
    })
    .join('\n')
}
