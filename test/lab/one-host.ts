/** A host for one test, gone when that test has finished. */
import { onTestFinished } from 'vitest'
import { Lab, type LabHost } from './lab.js'
import { snapshot } from './snapshot.js'

export async function oneHost(): Promise<LabHost> {
  const lab = await Lab.build({ hosts: 1 })
  onTestFinished(() => lab.close())
  const [host] = lab.hosts
  if (!host) throw new Error('no host')
  return host
}

/** Everything that a fan can change on it. */
export function look(host: LabHost): Promise<Record<string, string>> {
  return snapshot((words) => host.must(words), host.folders.runtime)
}
