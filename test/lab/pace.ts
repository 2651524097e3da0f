/** Limits on time that hold on any machine. */
import type { LabHost } from './lab.js'

/** Milliseconds that a look at the host takes on an ordinary machine. */
const ordinary = 250

/**
 * How many times slower this machine is than an ordinary one, at least 1: an emulated one, or one that is busy. What a
 * test allows in milliseconds it multiplies by this.
 */
export async function slowness(host: LabHost): Promise<number> {
  const begun = performance.now()
  await host.fanctlJson(['show'])
  return Math.max(1, (performance.now() - begun) / ordinary)
}
