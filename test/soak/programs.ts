/** The BPF programs that the kernel holds right now, whoever loaded them. */
import { closeSync } from 'node:fs'
import { addressOf, bpf, SystemCallError } from '../../src/kernel/libc.js'

/** Commands, and the offset of a program's name in struct bpf_prog_info (include/uapi/linux/bpf.h). */
const commands = { nextId: 11, byId: 13, info: 15 } as const
const nameAt = 64
const nameBytes = 16
const infoBytes = nameAt + nameBytes

/** Their names, some of them empty. Root only. Throws SystemCallError. */
export function loadedPrograms(): string[] {
  const names: string[] = []
  for (let id = nextAfter(0); id !== undefined; id = nextAfter(id)) {
    const name = nameOf(id)
    if (name !== undefined) names.push(name)
  }
  return names
}

function nextAfter(id: number): number | undefined {
  // union bpf_attr: start_id, next_id, open_flags.
  const words = Uint32Array.of(id, 0, 0)
  const attributes = Buffer.from(words.buffer)
  return gone(() => bpf(commands.nextId, attributes)) === undefined ? undefined : words[1]
}

/** Undefined: it has been unloaded meanwhile. */
function nameOf(id: number): string | undefined {
  const program = gone(() => bpf(commands.byId, Buffer.from(Uint32Array.of(id, 0, 0).buffer)))
  if (program === undefined) return undefined
  try {
    const info = Buffer.alloc(infoBytes)
    const attributes = Buffer.alloc(16)
    const numbers = new Uint32Array(attributes.buffer, attributes.byteOffset, 4)
    numbers.set([program, infoBytes])
    new BigUint64Array(attributes.buffer, attributes.byteOffset, 2)[1] = addressOf(info)
    bpf(commands.info, attributes)
    return info.toString('latin1', nameAt).replace(/\0.*$/s, '')
  } finally {
    closeSync(program)
  }
}

function gone(call: () => number): number | undefined {
  try {
    return call()
  } catch (error) {
    if (error instanceof SystemCallError && error.errnoName === 'ENOENT') return undefined
    throw error
  }
}
