/**
 * What the firewall costs: pings a second between containers of two hosts, with fanctl's table, and with one that does
 * nothing but NAT, which are exchanged again and again in one run. Run by bin/bench, as root. A file given as an argument
 * holds a third table, with the rules of the first host's as they were, for what was before a change.
 */
import { readFileSync } from 'node:fs'
import { Lab, type LabContainer, type LabHost } from '../lab/lab.js'
import { labTypes } from '../lab/types.js'

const rounds = 15
const pings = 40_000

/** A fan of both types, on the hosts 10.0.0.11 and 10.0.0.12. */
const fan = ['-o', '250.0.0.0/8', '-u', 'eth0/16', '--dhcp']

async function setTable(host: LabHost, text: string): Promise<void> {
  await host.must(['nft', '-f', '-'], { input: `table inet fanctl\ndelete table inet fanctl\n${text}` })
}

/** Masquerading alone, as fanctl writes it. */
function natOnly(text: string): string {
  const rules = text.split('\n').filter((line) => / masquerade\b/.test(line))
  const hook = 'type nat hook postrouting priority srcnat; policy accept;'
  return `table inet fanctl {\nchain postrouting {\n${hook}\n${rules.join('\n')}\n}\n}\n`
}

/** A ping for each answer, without a pause: the way there and back is all that it waits for. */
async function pace(from: LabContainer, to: LabContainer): Promise<number> {
  const output = await from.must(['ping', '-f', '-q', '-c', String(pings), to.address])
  const milliseconds = Number(output.match(/time (\d+)ms/)?.[1])
  if (!output.includes(' 0% packet loss') || !(milliseconds > 0)) throw new Error(output)
  return pings / milliseconds
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

async function measure(type: string, file: string | undefined): Promise<void> {
  const lab = await Lab.build({ hosts: 2, name: 'b' })
  try {
    for (const host of lab.hosts) {
      await host.fanctlJson(['up', ...fan, '--type', type])
      await lab.addContainer(host, 'fan-250')
    }
    const [from, to] = lab.containers as [LabContainer, LabContainer]
    const before = file === undefined ? undefined : readFileSync(file, 'utf8')
    const tables = await Promise.all(
      lab.hosts.map(async (host) => {
        const own = await host.must(['nft', '-t', 'list', 'table', 'inet', 'fanctl'])
        const here = (text: string) =>
          text.replaceAll('250.0.11.', `250.${host.address.split('.').slice(2).join('.')}.`)
        return { nat: natOnly(own), rules: own, ...(before && { before: here(before) }) }
      }),
    )
    const names = Object.keys(tables[0] ?? {}) as ('nat' | 'rules')[]
    const paces = new Map(names.map((name) => [name, [] as number[]]))
    for (let round = 0; round <= rounds; round += 1)
      for (const name of names) {
        for (const [index, host] of lab.hosts.entries()) await setTable(host, tables[index]?.[name] ?? '')
        const reached = await pace(from, to)
        // The first round warms the caches.
        if (round > 0) paces.get(name)?.push(reached)
      }
    const base = paces.get('nat') ?? []
    for (const [name, all] of paces) {
      const ratios = `${(median(all) / median(base)).toFixed(3)}  ${(Math.max(...all) / Math.max(...base)).toFixed(3)}`
      process.stdout.write(
        `${type.padEnd(6)} ${name.padEnd(7)} ${ratios}  (median and best; ${median(all).toFixed(1)} thousand a second)\n`,
      )
    }
  } finally {
    lab.close()
  }
}

async function main(): Promise<void> {
  for (const type of labTypes()) await measure(type, process.argv[2])
}

main().catch((error: unknown) => {
  process.stderr.write(`bin/bench: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
})
