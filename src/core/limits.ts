/** Errors of the system that say that this process has all that it may have: of files, processes or memory. */
import { FanError } from './errors.js'

interface Limit {
  readonly problem: string
  readonly remedy: string
}

const openFiles: Limit = {
  problem: 'too many open files',
  remedy: 'ulimit -n 1024, or LimitNOFILE= in the unit of the service',
}
const allFiles: Limit = { problem: 'too many open files in the whole system', remedy: 'sysctl -w fs.file-max=NUMBER' }
const processes: Limit = {
  problem: 'too many processes',
  remedy: 'ulimit -u, or LimitNPROC= and TasksMax= in the unit of the service',
}
const memory: Limit = {
  problem: 'out of memory',
  remedy: 'ulimit -v unlimited, or MemoryMax= in the unit of the service',
}

/** By the names that the kernel's functions give them. */
const limits: Readonly<Record<string, Limit>> = { EMFILE: openFiles, ENFILE: allFiles, ENOMEM: memory }

/** The same as an error for people; undefined for any other. `task` is what could not be done. */
export function limitIn(error: Error, task: string): FanError | undefined {
  const limit = limits[codeOf(error)]
  return limit && new FanError('LIMIT_REACHED', { task, ...limit }, { cause: error })
}

/** The same for a program that could not be started: fork(2) says EAGAIN where there are too many processes. */
export function limitOfStart(error: Error, program: string): FanError | undefined {
  const task = `start the program ${program}`
  if (codeOf(error) === 'EAGAIN') return new FanError('LIMIT_REACHED', { task, ...processes }, { cause: error })
  return limitIn(error, task)
}

/** Node's errors and those of the netlink package have a code, those of our own calls a name. */
function codeOf(error: Error): string {
  const { code, errnoName } = error as { code?: unknown; errnoName?: unknown }
  return String(code ?? errnoName)
}
