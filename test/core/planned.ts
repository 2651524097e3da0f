/** A plan with a program, a firewall and a DHCP server in it, made by core alone. */
import { desiredState } from '../../src/core/desired.js'
import { describe } from '../../src/core/objects/objects.js'
import { plan } from '../../src/core/plan.js'
import { nothing } from '../../src/core/state.js'
import { factsFor, fan } from './support.js'

export function plannedLines(): string[] {
  const fans = [
    fan({ dhcp: true }),
    fan({ type: 'vxlan', overlay: '251.0.0.0/8', steering: 'routes', underlay: '10.1.0.4/24' }),
  ]
  const desired = { ...desiredState(fans, factsFor(fans)), files: { 'fan-250.fan.json': '{}' } }
  return plan(desired, nothing).flatMap(describe)
}
