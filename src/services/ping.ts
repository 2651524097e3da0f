/** Probes, by the program ping: that of iputils, or one with fewer options such as busybox'. */
import { formatAddress } from '../core/ipv4.js'
import { type Answer, headerBytes, type Probe } from '../core/probe.js'
import { type ProgramResult, runProgram } from './programs.js'

const packageName = 'iputils-ping'

/** Seconds between two packets: the least that everybody may use. */
const interval = 0.2

let isFull: Promise<boolean> | undefined

/** Whether the ping here knows sizes that must not be fragmented. */
function hasAllOptions(): Promise<boolean> {
  isFull ??= runProgram('ping', packageName, ['-V']).then(({ output }) => output.includes('iputils'))
  return isFull
}

/** Sends a probe and waits for its answer. Throws PROGRAM_MISSING, PROGRAM_FAILED. */
export async function ping(probe: Probe): Promise<Answer> {
  const isAble = await hasAllOptions()
  if (probe.bytes !== undefined && !isAble) return { kind: 'unable' }
  return parsePing(await runProgram('ping', packageName, wordsFor(probe, isAble)))
}

/** The words after `ping`. */
export function wordsFor({ to, from, bytes, count, seconds }: Probe, isAble: boolean): string[] {
  const size = bytes === undefined ? [] : ['-M', 'do', '-s', `${bytes - headerBytes}`]
  const source = from === undefined ? [] : ['-I', formatAddress(from)]
  const more = isAble ? ['-n', '-i', `${interval}`] : []
  return [...more, '-c', `${count}`, '-W', `${seconds}`, ...size, ...source, formatAddress(to)]
}

/** What ping printed as an answer. One that got through counts for more than a complaint about another. */
export function parsePing({ output, complaint }: ProgramResult): Answer {
  const time = output.match(/^\d+ bytes from .*\btime[=<]([\d.]+) ?ms/m)?.[1]
  if (time !== undefined) return { kind: 'answered', milliseconds: Number(time) }
  const all = `${output}\n${complaint}`
  const tooBig = all.match(/(?:frag needed|message too long).*?(?:mtu ?[=:] ?(\d+))?\)?$/im)
  if (tooBig) return { kind: 'too-big', mtu: Number(tooBig[1] ?? 0) || undefined }
  const refusal = all.match(/^From ([\d.]+):? (?:icmp_)?seq=\d+ (.+)$/im)
  if (refusal?.[1] && refusal[2]) return { kind: 'refused', by: refusal[1], reason: refusal[2].trim() }
  const problem = complaint.match(/^ping: (?:warning: )?(.+)$/m)?.[1]
  if (problem && !/statistics/.test(problem)) return { kind: 'unsent', problem }
  return { kind: 'silent' }
}
