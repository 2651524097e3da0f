/** `/etc/network/fan`: a fan a line. */
import { FanError } from '../core/errors.js'
import type { FanNetworks } from '../core/networks.js'
import { type FanLine, readLine } from './fan-line.js'
import type { FanOptions } from './options/rows.js'
import { completeRequest, type FanRequest, mergeOptions } from './request.js'
import { type FileProblem, Misplaced, problemIn } from './words.js'

export interface FileLine extends FanLine {
  readonly request: FanRequest
  /** From 1. */
  readonly line: number
  readonly text: string
}

export interface FanFile {
  readonly lines: readonly FileLine[]
  readonly problems: readonly FileProblem[]
}

/**
 * Every line, good and bad, each checked together with the settings that are kept for its networks. Never throws for
 * what is in the text.
 */
export function parseFanFile(text: string, settingsFor: (networks: FanNetworks) => FanOptions = () => ({})): FanFile {
  const lines: FileLine[] = []
  const problems: FileProblem[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.replace(/\r$/, '')
    try {
      const line = readLine(content)
      if (!line) continue
      lines.push({ ...line, request: requestOf(line, settingsFor), line: index + 1, text: content.trim() })
    } catch (error) {
      problems.push(problemIn(index, error))
    }
  }
  return { lines, problems }
}

/** What is wrong with the whole of a line is said of its first word. */
function requestOf(line: FanLine, settingsFor: (networks: FanNetworks) => FanOptions): FanRequest {
  try {
    return completeRequest(line, mergeOptions(settingsFor(line), line.options))
  } catch (error) {
    throw error instanceof FanError ? new Misplaced(line.column, error) : error
  }
}

export const lineStates = ['enabled', 'off', 'not enabled'] as const
export type LineState = (typeof lineStates)[number]

/** Whether `up -a` brings a line up, and if not, why. */
export function stateOf(line: FileLine): LineState {
  if (line.off) return 'off'
  return isEnabled(line) ? 'enabled' : 'not enabled'
}

/** Whether `up -a` brings it up. */
export function isEnabled({ off, overlayFirst, request }: FileLine): boolean {
  return !off && (overlayFirst || request.enable)
}
