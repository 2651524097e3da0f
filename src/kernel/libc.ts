/** The system calls that Node does not have, called through koffi. Loading this file loads koffi. */
import { constants } from 'node:os'
import koffi from 'koffi'

const libc = koffi.load(null)
const bpfCall = libc.func('long syscall(long number, int command, void *attributes, unsigned int size)')
const setsockoptCall = libc.func('int setsockopt(int fd, int level, int name, void *value, unsigned int length)')

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
  const result = Number(bpfCall(number, command, attributes, attributes.length))
  if (result < 0) throw new SystemCallError('bpf', koffi.errno())
  return result
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
  if (Number(setsockoptCall(fd, level, name, bytes, 4)) < 0) throw new SystemCallError('setsockopt', koffi.errno())
}
