/** Programs that end in other ways than they should. Real ones, run by a process that real signals reach. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runProgram } from '../../src/services/programs.js'

const folder = mkdtempSync(join(tmpdir(), 'fanctl-programs-'))
const bundle = join(folder, 'programs.cjs')

beforeAll(() => {
  const contents = "export * from './programs.js'\nexport * from './signals.js'"
  buildSync({
    stdin: { contents, resolveDir: 'src/services' },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
  })
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What a process that hears signals gets from a shell that runs a script, and how often that was started: $times. */
async function outcomeOf(script: string, input = '') {
  const log = join(mkdtempSync(join(folder, 'run-')), 'log')
  const program = `
    const { hear, runProgram } = require('${bundle}')
    const heard = []
    hear((signal) => heard.push(signal))
    runProgram('sh', 'dash', ['-c', process.argv[1]], ${JSON.stringify(input)})
      .then(({ output }) => ({ output }), ({ message }) => ({ message }))
      .then((outcome) => console.log(JSON.stringify({ ...outcome, heard })))`
  const words = ['-e', program, `echo >>${log}; times=$(wc -l <${log}); ${script}`]
  const text = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, words, (error, output) => (error ? reject(error) : resolve(output)))
  })
  return { ...JSON.parse(text), starts: readFileSync(log, 'utf8').length }
}

const failure = (signal: string) => `the program sh could not be run: killed by ${signal}`

describe.concurrent('a program that a signal ends', () => {
  test.each(['INT', 'TERM', 'HUP'])('is started again, with its input, if SIG%s was for this process', async (name) => {
    const script = `[ $times = 2 ] || kill -${name} $PPID $$; cat`
    expect(await outcomeOf(script, 'what it reads')).toEqual({
      output: 'what it reads',
      heard: [`SIG${name}`],
      starts: 2,
    })
  })

  test('is so, too, if this process hears of the signal only afterwards', async () => {
    const script = '[ $times = 2 ] || { (sleep 0.03; kill -TERM $PPID) & kill -TERM $$; }; echo done'
    expect(await outcomeOf(script)).toEqual({ output: 'done\n', heard: ['SIGTERM'], starts: 2 })
  })

  test('and another signal ends again is started once more', async () => {
    const script = 'case $times in 1) kill -INT $PPID $$ ;; 2) kill -HUP $PPID $$ ;; esac; echo done'
    expect(await outcomeOf(script)).toEqual({ output: 'done\n', heard: ['SIGINT', 'SIGHUP'], starts: 3 })
  })

  test('has failed if the signal was for the program alone', async () => {
    const outcome = { message: failure('SIGTERM'), heard: [], starts: 1 }
    expect(await outcomeOf('kill -TERM $$')).toEqual(outcome)
    expect(await outcomeOf('kill -KILL $$')).toEqual({ ...outcome, message: failure('SIGKILL') })
  })

  test('has failed if this process got another one', async () => {
    const outcome = { message: failure('SIGTERM'), heard: ['SIGINT'], starts: 1 }
    expect(await outcomeOf('kill -INT $PPID; kill -TERM $$')).toEqual(outcome)
  })

  test('has failed if that never ends', async () => {
    const { message, starts } = await outcomeOf('kill -TERM $PPID $$')
    expect({ message, starts }).toEqual({ message: failure('SIGTERM'), starts: 10 })
  })
})

test('what a program has said is not waited for while a child of it holds its output', async () => {
  const begun = performance.now()
  expect(await runProgram('sh', 'dash', ['-c', 'sleep 5 & echo said'])).toMatchObject({ status: 0, output: 'said\n' })
  expect(performance.now() - begun).toBeLessThan(4500)
})

test('a program that does not end is killed with all that it has started, and said to be the problem', async () => {
  vi.useFakeTimers()
  try {
    const ended = runProgram('sh', 'dash', ['-c', 'trap "" TERM; sleep 60; true'])
    const said = expect(ended).rejects.toThrow('the program sh could not be run: it did not exit within 20 s')
    vi.advanceTimersByTime(20_000)
    await said
  } finally {
    vi.useRealTimers()
  }
})
