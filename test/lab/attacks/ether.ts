/** Packet sockets (packet(7)) in other network namespaces: frames of any make are sent and heard without a program there. */
import { closeSync, openSync } from 'node:fs'
import { endianness } from 'node:os'
import koffi from 'koffi'
import { enterNetworkNamespace, setSocketOption } from '../../../src/kernel/libc.js'

const libc = koffi.load(null)
const socketCall = libc.func('int socket(int family, int type, int protocol)')
const bindCall = libc.func('int bind(int fd, void *address, unsigned int length)')
const sendCall = libc.func('long send(int fd, void *bytes, unsigned long length, int flags)')
const receiveCall = libc.func('long recv(int fd, void *bytes, unsigned long length, int flags)')
const indexCall = libc.func('unsigned int if_nametoindex(const char *name)')

/** AF_PACKET, SOCK_RAW, ETH_P_ALL, SOL_PACKET, PACKET_IGNORE_OUTGOING and MSG_DONTWAIT (include/uapi/linux). */
const packetFamily = 17
const rawType = 3
const allProtocols = 0x0003
const packetLevel = 263
const ignoreOutgoing = 23
const doNotWait = 0x40
/** SOL_SOCKET and SO_PRIORITY (include/uapi/asm-generic/socket.h). */
const socketLevel = 1
const priorityOption = 12

/** One link of a namespace, with a socket on it. */
export class Ether {
  readonly #fd: number

  /** Throws Error where the namespace has no such link. */
  constructor(namespace: string, link: string) {
    this.#fd = inNamespace(namespace, () => open(link))
  }

  /** The priority of what it sends (SO_PRIORITY), whatever that takes. */
  setPriority(value: number): void {
    setSocketOption(this.#fd, socketLevel, priorityOption, value)
  }

  /** Puts a frame on the link. */
  send(bytes: Buffer): void {
    if (Number(sendCall(this.#fd, bytes, bytes.length, 0)) !== bytes.length)
      throw new Error(`send: errno ${koffi.errno()}`)
  }

  /** The frames that have come in since the last time. */
  heard(): Buffer[] {
    const frames: Buffer[] = []
    const room = Buffer.alloc(65_536)
    for (;;) {
      const length = Number(receiveCall(this.#fd, room, room.length, doNotWait))
      if (length < 0) return frames
      frames.push(Buffer.from(room.subarray(0, length)))
    }
  }

  close(): void {
    closeSync(this.#fd)
  }
}

function open(link: string): number {
  const fd = Number(socketCall(packetFamily, rawType, 0))
  // struct sockaddr_ll, whose protocol is in network byte order.
  const address = Buffer.alloc(20)
  const view = new DataView(address.buffer, address.byteOffset)
  view.setUint16(0, packetFamily, endianness() === 'LE')
  view.setUint16(2, allProtocols)
  view.setInt32(4, Number(indexCall(link)), endianness() === 'LE')
  setSocketOption(fd, packetLevel, ignoreOutgoing, 1)
  if (Number(indexCall(link)) === 0 || Number(bindCall(fd, address, address.length)) < 0)
    throw new Error(`no socket on ${link}: errno ${koffi.errno()}`)
  return fd
}

/** Runs something that does not wait, with this thread in a namespace. */
function inNamespace<Result>(name: string, action: () => Result): Result {
  const [here, there] = ['/proc/thread-self/ns/net', `/run/netns/${name}`].map((path) => openSync(path, 'r')) as [
    number,
    number,
  ]
  try {
    enterNetworkNamespace(there)
    return action()
  } finally {
    enterNetworkNamespace(here)
    closeSync(here)
    closeSync(there)
  }
}
