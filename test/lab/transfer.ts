/** Bytes from one namespace to another, checksummed and timed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { must } from './shell.js'

const script = resolve('test/lab/tcp.mjs')
const port = 5001
/** Milliseconds. An emulated machine moves 100 MB in about ten seconds. */
const patience = 150_000

interface End {
  readonly bytes: number
  readonly sha256: string
  readonly seconds: number
}

export interface TransferPlan {
  readonly megabytes: number
  /** Checksums cost more than the network does here; without them only the number of bytes is compared. */
  readonly checked?: boolean
}

export interface Transfer {
  /** Whether what arrived is what was sent. */
  readonly intact: boolean
  readonly bytes: number
  readonly gigabitsPerSecond: number
}

/** Sends random bytes by TCP. Throws if either end fails. */
export async function transfer(
  from: { readonly namespace: string },
  to: { readonly namespace: string },
  address: string,
  { megabytes, checked = true }: TransferPlan,
): Promise<Transfer> {
  const mode = checked ? 'checked' : 'fast'
  const words = ['netns', 'exec', to.namespace, process.execPath, script, 'receive', String(port), mode]
  const receiver = spawn('ip', words, { stdio: ['ignore', 'pipe', 'inherit'], timeout: patience })
  try {
    const lines = createInterface({ input: receiver.stdout })[Symbol.asyncIterator]()
    await lines.next()
    const send = [process.execPath, script, 'send', address, String(port), String(megabytes), mode]
    const sent = JSON.parse(await must(['ip', 'netns', 'exec', from.namespace, ...send], { timeout: patience })) as End
    const received = JSON.parse((await lines.next()).value ?? '{}') as End
    const intact = received.bytes === megabytes * 2 ** 20 && received.sha256 === sent.sha256
    return { intact, bytes: received.bytes, gigabitsPerSecond: (sent.bytes * 8) / sent.seconds / 1e9 }
  } finally {
    receiver.kill()
    if (receiver.exitCode === null && receiver.signalCode === null) await once(receiver, 'exit')
  }
}
