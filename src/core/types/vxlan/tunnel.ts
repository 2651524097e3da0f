/** The link of a vxlan fan. */
import { linkSettings } from '../../link-settings.js'
import { macOf } from '../../mac.js'
import type { VxlanLink } from '../../state.js'
import type { Tunnel, TunnelTraits, TypedFan } from '../type.js'
import { layouts } from './layouts.js'
import { portOf, vniOf } from './options.js'

export const vxlanTunnel: Tunnel = {
  kind: 'vxlan',
  link,
  words: (name, fan) => `${name} (VNI ${vniOf(fan)})`,
}

function link(traits: TunnelTraits, fan: TypedFan): VxlanLink {
  const { isRouted } = layouts[fan.steering]
  return {
    ...traits,
    kind: 'vxlan',
    port: portOf(fan),
    vnis: [vniOf(fan)],
    // Other hosts address frames to the bridge. Where the tunnel is not a port of it, it answers to that itself.
    mac: macOf(fan, isRouted ? 'bridge' : 'tunnel'),
    ...(isRouted ? {} : { bridge: fan.bridge }),
    sysctls: { ...traits.sysctls, ...(isRouted && routedSettings(traits.name)) },
  }
}

function routedSettings(name: string): Record<string, string> {
  return {
    [linkSettings.sendRedirects(name)]: '0',
    // Hosts that do not route ask for containers by ARP, through the tunnel.
    [linkSettings.proxyArp(name)]: '1',
    // An answer that waits has lost the outer addresses that it should go to (arp_process in net/ipv4/arp.c).
    [linkSettings.proxyDelay(name)]: '0',
  }
}
