/** All that tells of changes on this machine: the kernel, the end of a server, and the records of fans. */
import { watchKernel } from '../kernel/events.js'
import { type ProcessWatch, watchProcesses } from '../kernel/processes.js'
import { identityOf, watchFolder } from '../services/files.js'

export class LinuxWatch {
  readonly #onChange: () => void
  readonly #stopKernel: () => void
  readonly #servers: ProcessWatch
  #stopFolder: () => void = () => {}
  #folder: number | undefined

  /** Throws the system's error if it gives no descriptors for that. */
  constructor(onChange: () => void) {
    this.#onChange = onChange
    this.#servers = watchProcesses(onChange)
    try {
      this.#stopKernel = watchKernel(onChange)
    } catch (error) {
      this.#servers.stop()
      throw error
    }
  }

  /** The runtime folder, which comes and goes, and the processes of servers, as they are by now. */
  follow(folder: string, servers: readonly number[]): void {
    this.#servers.follow(servers)
    const identity = identityOf(folder)
    if (identity === this.#folder) return
    this.#folder = identity
    this.#stopFolder()
    this.#stopFolder = watchFolder(folder, this.#onChange)
  }

  stop(): void {
    this.#stopKernel()
    this.#servers.stop()
    this.#stopFolder()
  }
}
