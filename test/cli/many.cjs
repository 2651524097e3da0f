/**
 * Runs many command lines of the built program in one process, which saves starting it for each. Reads a JSON array of
 * word lists (those that begin with fanatic are for that program), prints a JSON array of outcomes. Only for command lines that fail before anything is touched.
 */
const { readFileSync } = require('node:fs')
const { join } = require('node:path')

const root = join(__dirname, '../..')
const { main, fanatic } = require(join(root, 'bin/load.js')).load(join(root, 'dist/fanctl.cjs')).exports
const print = process.stdout.write.bind(process.stdout)
// oclif waits for standard output to drain, each time with a listener that never goes.
process.stdout.setMaxListeners(0)

async function runAll(lines) {
  const outcomes = []
  for (const words of lines) {
    const outcome = { status: 0, stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'])
      process[name].write = (text, ...rest) => {
        outcome[name] += text
        for (const done of rest) if (typeof done === 'function') done()
        return true
      }
    process.exitCode = 0
    await (words[0] === 'fanatic' ? fanatic(words.slice(1)) : main(words, root))
    outcome.status = process.exitCode ?? 0
    outcomes.push(outcome)
  }
  process.exitCode = 0
  print(JSON.stringify(outcomes))
}

runAll(JSON.parse(readFileSync(0, 'utf8')))
