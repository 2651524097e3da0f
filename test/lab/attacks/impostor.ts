/** Processes that pass themselves off as another program: by name and words, which anybody can choose. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { LabHost } from '../lab.js'
import { labFolder } from '../namespaces.js'

/** What `nobody` runs programs with. */
export const asNobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'] as const

/**
 * Writes over its own command line and, with it, its name (perlvar(1), $0). What the kernel shows is as long as what it
 * was started with, so that has to be exactly as long as what it is to be.
 */
const script = `
$SIG{TERM} = sub { exit 3 };
open(my $file, '<', $ARGV[0]) or die;
my $line = <$file>;
$0 = $line . ("\\0" x 8000);
sleep 1 while 1;
`

export interface Impostor {
  readonly id: number
  isAlive(): boolean
}

let count = 0

/** Starts one on a host, by whatever words come before it, and sees to it that it looks as it should. */
export async function impostor(host: LabHost, before: readonly string[], words: readonly string[]): Promise<Impostor> {
  const folder = join(labFolder, `i${++count}`)
  mkdirSync(folder, { recursive: true })
  const line = words.map((word) => `${word}\0`).join('')
  // Linked under a short name, and padded with a word that nobody reads.
  const start = `perl\0${folder}/s\0${folder}/l\0`
  const padding = line.length - start.length - 1
  if (padding < 0) throw new Error(`${words.join(' ')} is too short to pass for it`)
  writeFileSync(join(folder, 's'), script)
  writeFileSync(join(folder, 'l'), line)
  const place = ['netns', 'exec', host.namespace, ...before]
  const child = spawn('ip', [...place, 'perl', `${folder}/s`, `${folder}/l`, 'x'.repeat(padding)], { stdio: 'ignore' })
  const id = child.pid ?? 0
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  for (let waited = 0; readFileSync(`/proc/${id}/cmdline`, 'utf8') !== line; waited += 10) {
    if (waited > 5000) throw new Error(`it has not become ${words.join(' ')}: ${readFileSync(`/proc/${id}/cmdline`)}`)
    await sleep(10)
  }
  return { id, isAlive: () => child.exitCode === null && child.signalCode === null && existsSync(`/proc/${id}`) }
}

/** What it prints goes to a pipe that is full. */
const blocked = `
use Fcntl;
pipe(my $out, my $in);
fcntl($in, F_SETFL, O_NONBLOCK);
1 while syswrite($in, "x" x 4096);
fcntl($in, F_SETFL, 0);
fcntl($out, F_SETFD, 0);
open(STDERR, ">&", $in);
open(STDOUT, ">&", $in);
exec { shift } @ARGV;
`

/** Another program, started by `nobody` under a name and words that it complains of, and still busy with that. */
export async function waiting(host: LabHost, program: string, words: readonly [string, ...string[]]): Promise<void> {
  const folder = join(labFolder, `i${++count}`)
  mkdirSync(folder, { recursive: true })
  const path = join(folder, words[0])
  symlinkSync(program, path)
  const line = words.map((word) => `${word}\0`).join('')
  const all = ['netns', 'exec', host.namespace, ...asNobody, 'perl', '-e', blocked, path, ...words]
  const child = spawn('ip', all, { stdio: 'ignore' })
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const file = (name: string) => readFileSync(`/proc/${child.pid}/${name}`, 'utf8')
  for (let waited = 0; file('cmdline') !== line || file('comm') !== `${words[0]}\n`; waited += 10) {
    if (waited > 5000) throw new Error(`${program} does not wait: ${file('cmdline')}`)
    await sleep(10)
  }
  await sleep(100)
  if (!/^CapEff:.*[1-9a-f]/m.test(file('status'))) throw new Error(`${program} has no rights: ${file('status')}`)
}
