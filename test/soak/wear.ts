/** What all ways to wear a host out have in common. */
import { readdirSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import type { LabHost } from '../lab/lab.js'
import { must } from '../lab/shell.js'
import { snapshot } from '../lab/snapshot.js'

export interface Wear {
  readonly host: LabHost
  /** The flags that `up` takes, and the overlay alone. */
  readonly fan: readonly string[]
  readonly overlay: string
  readonly runs: number
  /** Makes the random moments. */
  readonly seed: number
  /** What is killed or struck. */
  readonly command: 'up' | 'down'
  readonly say: (text: string) => void
}

export interface Outcome {
  /** Runs that went well. */
  readonly good: number
  /** What all of them together have left behind. */
  readonly leaks: readonly string[]
}

export type Look = Readonly<Record<string, string>>

/** The host with everything that a fan could leave on it. Leases are meant to stay. */
export async function lookAt(host: LabHost): Promise<Look> {
  const { runtime, state } = host.folders
  const processes = (await must(['ip', 'netns', 'pids', host.namespace])).trim()
  return {
    ...(await snapshot((words) => host.must(words), runtime)),
    processes: processes === '' ? 'none' : await namesOf(processes.split('\n')),
    'state folder': filesIn(state)
      .filter((name) => !name.endsWith('.leases'))
      .join(' '),
  }
}

/** Whether the fan is all in place: the plan for it is empty. */
export async function isUp({ host, fan }: Wear): Promise<boolean> {
  return (await host.fanctl(['plan', ...fan, '--exit-code'])).status === 0
}

async function namesOf(ids: readonly string[]): Promise<string> {
  return (await must(['ps', '-o', 'pid=,args=', '-p', ids.join(',')])).trim()
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** What differs between two looks, in words. */
export function differences(before: Look, after: Look): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map((name) => `${name}: ${before[name] ?? 'nothing'} -> ${after[name] ?? 'nothing'}`)
}
