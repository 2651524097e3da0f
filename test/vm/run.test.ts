/** What test/vm/run.sh promises of an emulated machine: its results come back, and nothing of it stays. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { must, run } from '../lab/shell.js'

const script = 'test/vm/run.sh'
/** Every emulator that a test starts has this folder on its command line. */
const folder = mkdtempSync('/tmp/fanctl-vm-')
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const boot = (words: readonly string[], environment = {}) =>
  run([script, ...words], { environment: { TMPDIR: folder, ...environment }, timeout: 300_000 })

/** Emulators of this test that still run. */
function emulators(): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`${folder}/tmp.`)
    } catch {
      return false
    }
  })
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 600) throw new Error('waited for too long')
    await sleep(100)
  }
}

describe('a command on a stock kernel', () => {
  test('has its words, its status, both its outputs, and the variables that are meant for it', async () => {
    const line = 'uname -r; printf "<%s>" "$@"; env | grep -E "^(FANCTL|CI|SECRET)"; echo complaint >&2; exit 7'
    const outcome = await boot(['sh', '-c', line, 'sh', "it's", '', ' $HOME "x"\n'], {
      ...{ FANCTL_LAB_TYPES: 'ipip', CI: 'true', SECRET: 'x' },
    })
    expect(outcome).toMatchObject({ status: 7, complaint: 'complaint\n' })
    const [kernel, ...rest] = outcome.output.split('\n')
    expect(kernel).toMatch(/^6\.1\.0-\d+-(amd64|arm64)$/)
    expect(rest.join('\n')).toMatch(/^<it's><>< \$HOME "x"\n>/)
    expect(rest.slice(1).sort()).toEqual(['', '>CI=true', 'FANCTL_LAB_TYPES=ipip'])
  })

  test('writes files that this machine sees, and has a /run of its own', async () => {
    const file = join(folder, 'written')
    expect(await boot(['sh', '-c', `echo inside >${file}; ls /run/fanctl-vm 2>&1`])).toMatchObject({ status: 2 })
    expect(readFileSync(file, 'utf8')).toBe('inside\n')
  })
})

describe('a machine that comes to nothing', () => {
  test('tells the last words of a kernel that does not boot', async () => {
    const kernel = (await must(['test/vm/kernel.sh', 'bookworm'])).trim()
    const broken = join(folder, 'cache', basename(kernel))
    mkdirSync(broken, { recursive: true })
    for (const name of ['recipe', 'vmlinuz', 'version']) copyFileSync(join(kernel, name), join(broken, name))
    symlinkSync(join(kernel, 'root'), join(broken, 'root'))
    writeFileSync(join(broken, 'initramfs'), 'nonsense')
    const { status, complaint } = await boot(['true'], { FANCTL_VM_CACHE: join(folder, 'cache') })
    expect(complaint).toContain('the machine ended without a result; its last words:')
    expect(complaint).toMatch(/Kernel panic/)
    expect(status).toBe(125)
  })

  test('ends when its time is up', async () => {
    const { status, complaint } = await boot(['--seconds', '2', 'sleep', '1000'])
    expect(complaint).toContain('the machine was ended after 2 seconds')
    expect({ status, left: emulators() }).toEqual({ status: 125, left: [] })
  })

  test.each([
    [['--kernel', 'potato', 'true'], '"potato"'],
    [['--cpus'], '--cpus needs a value'],
    [['--turbo', 'true'], 'unknown option --turbo'],
    [['--architecture', 'vax', 'true'], '"vax"'],
    [[], 'a command is missing'],
  ])('refuses %j', async (words, says) => {
    expect(await boot(words)).toMatchObject({ status: 125, complaint: expect.stringContaining(says) })
  })
})

describe('nothing runs on', () => {
  const start = async (words: readonly string[]): Promise<ChildProcess> => {
    const child = spawn(words[0] ?? '', words.slice(1), { env: { ...process.env, TMPDIR: folder }, stdio: 'ignore' })
    await until(() => emulators().length > 0)
    return child
  }

  test('after an interrupt', async () => {
    const child = await start([script, 'sleep', '1000'])
    const ended = once(child, 'exit')
    child.kill('SIGINT')
    expect(await ended).toEqual([125, null])
    expect(emulators()).toEqual([])
    expect(readdirSync(folder).filter((name) => name.startsWith('tmp.'))).toEqual([])
  })

  test('after its parent was killed', async () => {
    const child = await start(['sh', '-c', `${script} sleep 1000; true`])
    child.kill('SIGKILL')
    await until(() => emulators().length === 0)
  })
})
