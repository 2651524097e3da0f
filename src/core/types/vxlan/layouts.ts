/** Whether the tunnel is a port of the bridge. */
import type { SteeringName } from '../../steerings/names.js'
import type { Layout } from '../type.js'

const bridged: Layout = { isRouted: false, isShared: false, proxiesArp: false }

/** Where something computes the outer destination of a frame, the hosts share a segment. Routes have none for frames. */
export const layouts: Readonly<Record<SteeringName, Layout>> = {
  ebpf: bridged,
  'fan-map': bridged,
  routes: { isRouted: true, isShared: false, proxiesArp: true },
}
