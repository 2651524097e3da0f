/** bpf(2): loading programs with their counters, and finding the counters of a loaded program again. */
import { closeSync, readFileSync } from 'node:fs'
import { endianness } from 'node:os'
import type { Program } from '../core/state.js'
import { encode } from '../core/steering/assembler.js'
import { type Counts, counters } from '../core/steering/counters.js'
import { addressOf, bpf } from './libc.js'

/** Commands, types and limits of include/uapi/linux/bpf.h. */
const commands = { mapCreate: 0, mapLookup: 1, progLoad: 5, progById: 13, mapById: 14, info: 15 } as const
const perCpuArray = 6
const schedCls = 3
const counterBytes = 8

/** Enough for the verifier's account of programs as small as ours. */
const logBytes = 256 * 1024

/** A structure of the kernel, field by field at its offset. */
function attributes(size: number, fields: readonly (readonly [offset: number, value: number | bigint])[]): Buffer {
  const bytes = Buffer.alloc(size)
  const view = new DataView(bytes.buffer, bytes.byteOffset, size)
  const little = endianness() === 'LE'
  for (const [offset, value] of fields)
    if (typeof value === 'bigint') view.setBigUint64(offset, value, little)
    else view.setUint32(offset, value, little)
  return bytes
}

function named(bytes: Buffer, offset: number, name: string): Buffer {
  bytes.write(name, offset, 15, 'latin1')
  return bytes
}

/** What the kernel's verifier has against a program. */
export class VerifierError extends Error {}

/**
 * Loads a program with counters of its own. Returns its file descriptor, for the caller to close; the program lives on
 * while a filter holds it, and the counters while the program does. Throws SystemCallError, or VerifierError with
 * the last line of the verifier's log.
 */
export function loadProgram(name: string, program: Program): number {
  const map = bpf(
    commands.mapCreate,
    named(
      attributes(72, [
        [0, perCpuArray],
        [4, 4],
        [8, counterBytes],
        [12, counters.length],
      ]),
      28,
      'fan_counters',
    ),
  )
  try {
    const code = Buffer.from(encode(program.instructions, map, endianness() === 'LE'))
    const licence = Buffer.from('MIT\0')
    const load = (log?: Buffer) =>
      bpf(
        commands.progLoad,
        named(
          attributes(120, [
            [0, schedCls],
            [4, program.instructions.length],
            [8, addressOf(code)],
            [16, addressOf(licence)],
            ...(log
              ? ([
                  [24, 1],
                  [28, log.length],
                  [32, addressOf(log)],
                ] as const)
              : []),
          ]),
          48,
          name,
        ),
      )
    try {
      return load()
    } catch (cause) {
      // Once more, to hear what the verifier dislikes.
      const log = Buffer.alloc(logBytes)
      try {
        return load(log)
      } catch {
        const lines = log.toString('latin1').replace(/\0.*$/s, '').trim().split('\n')
        throw lines.at(-1)
          ? new VerifierError(`the kernel's verifier rejects ${name}: ${lines.at(-1)}`, { cause })
          : cause
      }
    }
  } finally {
    closeSync(map)
  }
}

/** What the program with this id has counted, over all CPUs. Throws SystemCallError. */
export function readCounters(programId: number): Counts {
  const program = bpf(commands.progById, attributes(12, [[0, programId]]))
  try {
    const mapId = firstMapOf(program)
    const map = bpf(commands.mapById, attributes(12, [[0, mapId]]))
    try {
      return Object.fromEntries(counters.map((name, index) => [name, readCounter(map, index)])) as Counts
    } finally {
      closeSync(map)
    }
  } finally {
    closeSync(program)
  }
}

/** The id of the map that a program uses (struct bpf_prog_info: nr_map_ids at 52, map_ids at 56). */
function firstMapOf(program: number): number {
  const ids = Buffer.alloc(4)
  const info = attributes(64, [
    [52, 1],
    [56, addressOf(ids)],
  ])
  bpf(
    commands.info,
    attributes(16, [
      [0, program],
      [4, info.length],
      [8, addressOf(info)],
    ]),
  )
  return new DataView(ids.buffer, ids.byteOffset, 4).getUint32(0, endianness() === 'LE')
}

/** A per-CPU array answers with one value for each CPU that could ever be there. */
function readCounter(map: number, index: number): number {
  const key = attributes(4, [[0, index]])
  const values = Buffer.alloc(possibleCpus() * counterBytes)
  bpf(
    commands.mapLookup,
    attributes(32, [
      [0, map],
      [8, addressOf(key)],
      [16, addressOf(values)],
    ]),
  )
  const view = new DataView(values.buffer, values.byteOffset, values.length)
  let sum = 0n
  for (let at = 0; at < values.length; at += counterBytes) sum += view.getBigUint64(at, endianness() === 'LE')
  return Number(sum)
}

/** `0-3` or `0,2-7` in /sys: the largest number plus one. */
function possibleCpus(): number {
  const numbers = readFileSync('/sys/devices/system/cpu/possible', 'utf8').match(/\d+/g) ?? ['0']
  return Math.max(...numbers.map(Number)) + 1
}
