/**
 * Network namespaces that go away again. Their names hold the id of the process that made them, so what a crashed
 * process left behind is found and removed by the next one.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runNow } from './shell.js'

const start = 'fanlab-'

/** The folder of everything this process puts on disk for a lab. */
export const labFolder = join(tmpdir(), `${start}${process.pid}`)

let prepared = false

/** The full name of a namespace of this process. */
export function namespaceName(name: string): string {
  return `${start}${process.pid}-${name}`
}

/** Removes what dead processes left, and sees to it that this one leaves nothing, however it ends. */
export function prepareNamespaces(): void {
  if (prepared) return
  prepared = true
  for (const name of listNamespaces()) if (!isAlive(ownerOf(name))) removeNamespace(name)
  for (const name of readdirSync(tmpdir()))
    if (name.startsWith(start) && !isAlive(ownerOf(name)))
      rmSync(join(tmpdir(), name), { recursive: true, force: true })
  mkdirSync(labFolder, { recursive: true })
  process.on('exit', removeOwnNamespaces)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1))
}

export function removeOwnNamespaces(): void {
  for (const name of listNamespaces()) if (ownerOf(name) === process.pid) removeNamespace(name)
  rmSync(labFolder, { recursive: true, force: true })
}

/** Ends what runs in a namespace, by id, and removes it. */
export function removeNamespace(name: string): void {
  const ids = runNow(['ip', 'netns', 'pids', name])
    .split(/\s+/)
    .filter((id) => id !== '' && Number(id) !== process.pid)
  for (const id of ids) {
    try {
      process.kill(Number(id), 'SIGKILL')
    } catch {
      // It ended by itself.
    }
  }
  runNow(['ip', 'netns', 'del', name])
}

function listNamespaces(): string[] {
  return existsSync('/run/netns') ? readdirSync('/run/netns').filter((name) => name.startsWith(start)) : []
}

function ownerOf(name: string): number {
  return Number(name.slice(start.length).split('-')[0])
}

function isAlive(id: number): boolean {
  return existsSync(`/proc/${id}`)
}
