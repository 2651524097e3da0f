/** The system calls that Node does not have, called through koffi. Loading this file loads koffi. */
import { closeSync } from 'node:fs'
import { constants, endianness } from 'node:os'
import koffi from 'koffi'

const libc = koffi.load(null)
const bpfCall = libc.func('long syscall(long number, int command, void *attributes, unsigned int size)')
const setsockoptCall = libc.func('int setsockopt(int fd, int level, int name, void *value, unsigned int length)')
const getsockoptCall = libc.func('int getsockopt(int fd, int level, int name, void *value, void *length)')
const pidfdOpenCall = libc.func('long syscall(long number, int id, unsigned int flags)')
const pidfdSignalCall = libc.func('long syscall(long number, int fd, int signal, void *info, unsigned int flags)')
const eventfdCall = libc.func('int eventfd(unsigned int initial, int flags)')
const socketCall = libc.func('int socket(int domain, int type, int protocol)')
const bindCall = libc.func('int bind(int fd, void *address, unsigned int length)')
const pollCall = libc.func('int poll(void *descriptors, unsigned long count, int timeout)')

/** SOL_SOCKET, SO_MEMINFO and its fields (include/uapi/asm-generic/socket.h, sock_diag.h). */
const solSocket = 1
const socketMemory = 55
const socketMemoryFields = 9
const socketDrops = 8

/** EFD_CLOEXEC is O_CLOEXEC, POLLIN is 1 (include/uapi/asm-generic/{fcntl,poll}.h). */
const closeOnExec = 0o2000000
const pollIn = 1

const unshareCall = libc.func('int unshare(int flags)')
const setnsCall = libc.func('int setns(int fd, int type)')

/** The number of bpf(2) on each architecture (the kernel's syscall tables). */
const bpfNumbers: Readonly<Record<string, number>> = {
  x64: 321,
  arm64: 280,
  arm: 386,
  ia32: 357,
  riscv64: 280,
  loong64: 280,
  ppc64: 361,
  s390x: 351,
}

/** A system call that failed, with the errno's name. */
export class SystemCallError extends Error {
  readonly errno: number
  readonly errnoName: string

  constructor(call: string, errno: number) {
    const name = errnoName(errno)
    super(`${call}: ${name}`)
    this.errno = errno
    this.errnoName = name
  }
}

/** 17 gives `EEXIST`. Of two names for one number, the one that the kernel's sources use. */
export function errnoName(errno: number): string {
  if (errno === constants.errno.EOPNOTSUPP) return 'EOPNOTSUPP'
  return Object.entries(constants.errno).find(([, value]) => value === errno)?.[0] ?? `errno ${errno}`
}

/** bpf(2). Returns what the kernel returns, a file descriptor for most commands. Throws SystemCallError. */
export function bpf(command: number, attributes: Buffer): number {
  const number = bpfNumbers[process.arch]
  if (number === undefined) throw new SystemCallError('bpf', constants.errno.ENOSYS)
  return checked('bpf', Number(bpfCall(number, command, attributes, attributes.length)))
}

/** The address of a buffer, for a structure that holds pointers. The caller keeps the buffer alive. */
export function addressOf(buffer: Buffer): bigint {
  return BigInt(koffi.address(buffer))
}

/** CLONE_NEWNET (include/uapi/linux/sched.h). */
const networkNamespace = 0x40000000

/** unshare(2): gives this thread a network namespace of its own. False where the kernel does not let it. */
export function leaveNetworkNamespace(): boolean {
  return Number(unshareCall(networkNamespace)) === 0
}

/** setns(2): takes this thread into the network namespace of a file descriptor. Throws Error: it must not go on then. */
export function enterNetworkNamespace(fd: number): void {
  if (Number(setnsCall(fd, networkNamespace)) < 0)
    throw new Error(`cannot return to the network namespace: ${errnoName(koffi.errno())}`)
}

/** setsockopt(2) with an int. Throws SystemCallError. */
export function setSocketOption(fd: number, level: number, name: number, value: number): void {
  const bytes = Buffer.from(Int32Array.of(value).buffer)
  checked('setsockopt', Number(setsockoptCall(fd, level, name, bytes, 4)))
}

/** What the kernel keeps about a socket's memory: how many messages found no room. Throws SystemCallError. */
export function readSocketMemory(fd: number): { readonly drops: number } {
  const values = new Uint32Array(socketMemoryFields)
  const length = Buffer.from(Uint32Array.of(values.byteLength).buffer)
  checked('getsockopt', Number(getsockoptCall(fd, solSocket, socketMemory, Buffer.from(values.buffer), length)))
  return { drops: values[socketDrops] ?? 0 }
}

/** AF_NETLINK, and SOCK_RAW with SOCK_CLOEXEC (include/linux/socket.h, net.h; SOCK_RAW is 3 but on MIPS). */
const afNetlink = 16
const rawSocket = 3 | closeOnExec

/**
 * A netlink socket with a port (0: one that the kernel chooses) and in groups, given as bits. Nobody reads from it. (The
 * netlink package would, and ends the process when there is more than there is room for.) Throws SystemCallError.
 */
export function openNetlink(protocol: number, port: number, groups: number): number {
  const descriptor = checked('socket', Number(socketCall(afNetlink, rawSocket, protocol)))
  try {
    // struct sockaddr_nl: the family in two bytes, two of padding, port and groups.
    const address = new Uint32Array([0, port, groups])
    new Uint16Array(address.buffer)[0] = afNetlink
    checked('bind', Number(bindCall(descriptor, Buffer.from(address.buffer), address.byteLength)))
    return descriptor
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/** Their numbers are the same on all of these architectures. */
const pidfdSendSignal = 424
const pidfdOpen = 434

/** A descriptor of a process, which is readable when that has ended (pidfd_open(2)). Throws SystemCallError. */
export function openProcess(id: number): number {
  return checked('pidfd_open', Number(pidfdOpenCall(pidfdOpen, id, 0)))
}

/** Signals the process of a descriptor, and never one that has its id later (pidfd_send_signal(2)). Throws SystemCallError. */
export function signalProcess(descriptor: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  const number = constants.signals[signal]
  checked('pidfd_send_signal', Number(pidfdSignalCall(pidfdSendSignal, descriptor, number, null, 0)))
}

/** A descriptor that is readable once somebody has written to it (eventfd(2)). Throws SystemCallError. */
export function openEventCounter(): number {
  return checked('eventfd', Number(eventfdCall(0, closeOnExec)))
}

/**
 * Those of some descriptors that are readable, as soon as one is; none if a signal or a time in milliseconds ends the
 * wait. A thread of Node's pool waits.
 */
export async function readableOf(descriptors: readonly number[], milliseconds = -1): Promise<number[]> {
  // struct pollfd: int fd, short events, short revents.
  const bytes = Buffer.alloc(descriptors.length * 8)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const isLittle = endianness() === 'LE'
  for (const [index, descriptor] of descriptors.entries()) {
    view.setInt32(index * 8, descriptor, isLittle)
    view.setInt16(index * 8 + 4, pollIn, isLittle)
  }
  await new Promise<void>((resolve, reject) => {
    pollCall.async(bytes, descriptors.length, milliseconds, (error: Error | null) =>
      error ? reject(error) : resolve(),
    )
  })
  return descriptors.filter((_, index) => view.getInt16(index * 8 + 6, isLittle) !== 0)
}

function checked(call: string, result: number): number {
  if (result < 0) throw new SystemCallError(call, koffi.errno())
  return result
}
