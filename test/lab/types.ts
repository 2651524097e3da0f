/** Which types of fan the kernel here can run. */
import type { TypeName } from '../../src/core/types/types.js'
import { runNow } from './shell.js'

const probes = { vxlan: 'vxlan dstport 8472 external vnifilter', ipip: 'ipip external' } as const

/**
 * The types to test. FANCTL_LAB_TYPES names those that must work, so that a run cannot pass by skipping them; without
 * it the kernel is asked, by making a link in a namespace of its own.
 */
export function labTypes(): TypeName[] {
  const all = Object.keys(probes) as TypeName[]
  // Asked in any case: a module that is loaded later makes a link of its own (tunl0) in every namespace, and it stays.
  const possible = all.filter(canMake)
  const required = process.env['FANCTL_LAB_TYPES']?.split(',')
  const missing = required?.filter((type) => !possible.some((one) => one === type)) ?? []
  if (missing.length > 0) throw new Error(`this kernel cannot create the tunnels of ${missing.join(', ')}`)
  return required ? all.filter((type) => required.includes(type)) : possible
}

/** Whether the kernel makes the tunnel of a type. */
export function canMake(type: TypeName): boolean {
  return runNow(['unshare', '--net', 'sh', '-c', `ip link add probe type ${probes[type]} && echo made`]).includes(
    'made',
  )
}
