/** One rtnetlink socket: requests, dumps, and errors with the kernel's own words. */
import { setTimeout as sleep } from 'node:timers/promises'
import { NetlinkSocket } from 'netlink/dist/netlink.js'
import type { MessageInfo } from 'netlink/dist/raw.js'
import { formatMessage, type NetlinkMessage, parseError } from 'netlink/dist/structs.js'
import { FanError } from '../core/errors.js'
import { decodeAttributes, readText } from './attributes.js'
import { descriptorOf, openRawSocket } from './descriptors.js'
import { Directory } from './directory.js'
import { errnoName, SystemCallError, setSocketOption } from './libc.js'
import { explained, NetlinkError, type Refusals } from './refusals.js'

/** NETLINK_ROUTE and the socket option that asks for messages with errors (include/uapi/linux/netlink.h). */
const protocol = 0
const solNetlink = 270
const extendedAck = 11

/** Message flags. */
export const flags = { create: 0x400, exclusive: 0x200, replace: 0x100, dump: 0x300 } as const
const requestAndAcknowledge = 0x1 | 0x4

/**
 * Messages in one write. The kernel answers all of them before it returns, into a buffer that holds at least this many
 * answers (SO_RCVBUF counts some 800 bytes for each, and is 200 kB by default).
 */
const batch = 64

/** The flag of a message of a list that changed while the kernel wrote it (NLM_F_DUMP_INTR). */
const interrupted = 0x10
/** How often such a list is asked for again, and the milliseconds between. */
const tries = 20
const pause = 10

/** NLMSG_ERROR, and the attribute with the kernel's sentence (NLMSGERR_ATTR_MSG). */
const errorType = 2
const errorText = 1
/** Flags of an error message: whether attributes follow, and whether the request's body is left out. */
const hasAttributes = 0x200
const isCapped = 0x100
const headerLength = 16

/** No answer after this many milliseconds means that the kernel is not going to give one. */
const patience = 30_000

/** What a request is for. */
export interface Purpose {
  /** As `ip` and `tc` would say it, such as `ip link add fan-250`. */
  readonly op: string
  /** What refusals of it mean. */
  readonly refusals?: Refusals
}

export interface Rtnetlink {
  /** Sends one message and returns the messages of its answer. Throws what its refusal means, or NetlinkError. */
  request(purpose: Purpose, type: number, requestFlags: number, body: Buffer): Promise<readonly Buffer[]>
  /** Sends many messages of one type, many in each write. Throws the same for the first that is refused. */
  requestAll(purpose: Purpose, type: number, requestFlags: number, bodies: readonly Buffer[]): Promise<void>
  /** Everything of one kind. Throws NetlinkError, or KERNEL_BUSY if it never stops changing. */
  dump(op: string, type: number, body: Buffer): Promise<readonly Buffer[]>
  /** The names of links, as they were last listed. */
  readonly directory: Directory
  close(): void
}

/** A socket in the network namespace of this process. Throws the system's error if it gives no descriptors for it. */
export function openRtnetlink(): Rtnetlink {
  const socket = new WatchfulSocket(openRawSocket(protocol))
  try {
    askForExplanations(socket)
  } catch (error) {
    // It would keep this process alive.
    socket.close()
    throw error
  }
  const ask = async (op: string, type: number, requestFlags: number, body: Buffer) => {
    const [messages] = await socket.request(type, body, {
      flags: requestFlags,
      checkError: false,
      timeout: patience,
    })
    return messages.filter((message) => !isAnswer(message, op))
  }
  const dump = async (op: string, type: number, body: Buffer) => {
    for (let left = tries; left > 0; left -= 1) {
      const before = socket.interruptions
      const messages = await ask(op, type, flags.dump, body)
      if (socket.interruptions === before) return messages.map(({ data }) => data)
      await sleep(pause)
    }
    throw new FanError('KERNEL_BUSY', { tries })
  }
  return {
    request: ({ op, refusals = {} }, type, requestFlags, body) =>
      explained(refusals, async () => (await ask(op, type, requestFlags, body)).map(({ data }) => data)),
    requestAll: ({ op, refusals = {} }, type, requestFlags, bodies) =>
      explained(refusals, async () => {
        for (let start = 0; start < bodies.length; start += batch)
          await exchange(socket, op, type, requestFlags, bodies.slice(start, start + batch), start)
      }),
    dump,
    directory: new Directory(),
    close: () => socket.close(),
  }
}

/** One write, and an answer for each message in it. `start` is the number of the first. */
async function exchange(
  socket: NetlinkSocket,
  op: string,
  type: number,
  requestFlags: number,
  bodies: readonly Buffer[],
  start: number,
): Promise<void> {
  const { port } = socket.address()
  const numbers = new Map(bodies.map((_, index) => [socket.generateSeq(), start + index]))
  const messages = [...numbers.keys()].flatMap((seq, index) =>
    formatMessage({ type, flags: requestFlags | requestAndAcknowledge, seq, port, data: bodies[index] ?? [] }),
  )
  const answers: NetlinkMessage[] = []
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => end(new Error('the kernel does not answer')), patience)
    const note = (found: NetlinkMessage[]) => {
      answers.push(...found.filter(({ seq }) => numbers.has(seq)))
      if (answers.length >= bodies.length) end()
    }
    const end = (error?: Error) => {
      clearTimeout(timer)
      socket.off('message', note).off('error', end)
      socket.unref()
      if (error) reject(error)
      else resolve()
    }
    socket.on('message', note).on('error', end)
    socket.ref()
    socket.socket.send(messages, undefined, (error) => error && end(error))
  })
  for (const answer of answers) isAnswer(answer, op, numbers.get(answer.seq))
}

/** Counts the messages that say that their list has changed. The last one of a list, which the package keeps, may, too. */
class WatchfulSocket extends NetlinkSocket {
  interruptions = 0

  protected override handleMessages(messages: NetlinkMessage[], sender: MessageInfo): void {
    this.interruptions += messages.filter((message) => (message.flags & interrupted) !== 0).length
    super.handleMessages(messages, sender)
  }
}

/** True for an acknowledgement. Throws NetlinkError for a refusal. */
function isAnswer(message: NetlinkMessage, op: string, request = 0): boolean {
  if (message.type !== errorType) return false
  const { errno, header } = parseError(message.data, message.flags)
  if (errno === 0) return true
  throw new NetlinkError(op, errnoName(-errno), explanationIn(message, header.length), request)
}

/** The sentence follows the request that was refused, or only its header where the kernel left the rest out. */
function explanationIn({ data, flags: messageFlags }: NetlinkMessage, requestLength: number): string | undefined {
  if ((messageFlags & hasAttributes) === 0) return undefined
  const echoed = (messageFlags & isCapped) === 0 ? requestLength : headerLength
  return readText(decodeAttributes(data.subarray(4 + Math.ceil(echoed / 4) * 4)).get(errorText)) || undefined
}

/** A kernel before 4.12 does not know it: errors come without a sentence then. */
function askForExplanations(socket: NetlinkSocket): void {
  const descriptor = descriptorOf(protocol, socket.address().port)
  try {
    if (descriptor !== undefined) setSocketOption(descriptor, solNetlink, extendedAck, 1)
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error
  }
}
