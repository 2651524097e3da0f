/** fanctl's nftables table, through the program nft. */
import { FanError } from '../core/errors.js'
import { parseFirewall, tableName } from '../core/firewall/table.js'
import type { Firewall } from '../core/state.js'
import { runProgram } from './programs.js'

const packageName = 'nftables'

/**
 * The table as it is, without what its sets hold at the moment. `nft -t list table inet fanctl`. Without nft there is none.
 * Throws FIREWALL_FAILED.
 */
export async function readFirewall(): Promise<Firewall | undefined> {
  try {
    const { status, output, complaint } = await runProgram('nft', packageName, [
      '-t',
      'list',
      'table',
      'inet',
      tableName,
    ])
    if (status === 0) return parseFirewall(output)
    if (/No such file or directory|not supported/i.test(complaint)) return undefined
    throw new FanError('FIREWALL_FAILED', { problem: firstLine(complaint) })
  } catch (error) {
    if (error instanceof FanError && error.code === 'PROGRAM_MISSING') return undefined
    throw error
  }
}

/**
 * Why this host cannot have the table: nft is not installed, or the kernel has no nftables for it. Undefined: it can.
 * `nft --check add table inet fanctl`, which changes nothing.
 */
export async function firewallProblem(): Promise<FanError | undefined> {
  try {
    const { status, complaint } = await runProgram('nft', packageName, ['--check', 'add', 'table', 'inet', tableName])
    return status === 0 ? undefined : new FanError('FIREWALL_UNSUPPORTED', { problem: firstLine(complaint) })
  } catch (error) {
    if (error instanceof FanError && error.code === 'PROGRAM_MISSING') return error
    throw error
  }
}

/** Exchanges the whole table in one transaction of the kernel. Throws PROGRAM_MISSING, FIREWALL_FAILED. */
export async function writeFirewall(firewall: Firewall | undefined): Promise<void> {
  // Adding first makes deleting safe where there is no table.
  const script = `add table inet ${tableName}\ndelete table inet ${tableName}\n${firewall?.text ?? ''}`
  const { status, complaint } = await runProgram('nft', packageName, ['-f', '-'], script)
  if (status !== 0) throw new FanError('FIREWALL_FAILED', { problem: firstLine(complaint) })
}

/** A chain of another program that drops forwarded packets unless a rule of its own lets them through. */
export interface DroppingChain {
  readonly table: string
  readonly chain: string
}

/** The chains that stand in the way of containers' traffic. None where nft cannot tell. Throws PROGRAM_MISSING. */
export async function listDroppingChains(): Promise<DroppingChain[]> {
  const { status, output } = await runProgram('nft', packageName, ['-j', 'list', 'chains'])
  return status === 0 ? droppingChainsIn(output) : []
}

/** Those chains in what `nft -j list chains` prints. A fan carries IPv4, so what drops IPv6 alone is not one. */
export function droppingChainsIn(output: string): DroppingChain[] {
  const { nftables } = JSON.parse(output) as { nftables: { chain?: Record<string, unknown> }[] }
  return nftables.flatMap(({ chain }) =>
    chain?.['hook'] === 'forward' && chain['policy'] === 'drop' && chain['family'] !== 'ip6'
      ? { table: `${chain['family']} ${chain['table']}`, chain: String(chain['name']) }
      : [],
  )
}

/** nft says what is wrong in the first line and shows where in the next. */
function firstLine(complaint: string): string {
  return complaint.split('\n')[0]?.replace(/^.*Error: /, '') || 'no reason given'
}
