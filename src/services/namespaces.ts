/** The network namespaces of this machine that somebody can name. */
import { readdirSync } from 'node:fs'
import { nameOf, namespaceOf, processIds } from './processes.js'

/** Where iproute2, CNI and Podman keep names, and where Docker does. */
const folders = ['/run/netns', '/run/docker/netns']

export interface NamedNamespace {
  /** Stands for the namespace when it is opened. */
  readonly path: string
  /** For people: `the namespace web`, `the namespace of web-init (process 812)`. */
  readonly label: string
}

/** Those with a name first, then one for each namespace that processes are in, as far as this process may look. */
export function listNamespaces(): NamedNamespace[] {
  const named = folders.flatMap((folder) =>
    namesIn(folder).map((name) => ({ path: `${folder}/${name}`, label: `the namespace ${name}` })),
  )
  const seen = new Set(['', namespaceOf('self')])
  const held = processIds().flatMap((id): NamedNamespace[] => {
    const inode = namespaceOf(id)
    if (seen.has(inode)) return []
    seen.add(inode)
    return [{ path: `/proc/${id}/ns/net`, label: `the namespace of ${nameOf(id)} (process ${id})` }]
  })
  return [...named, ...held]
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}
