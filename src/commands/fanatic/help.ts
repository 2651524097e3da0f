/** The help of fanatic, and what it cannot do yet. */
import { FanError } from '../../core/errors.js'

export const help = `Configure fans permanently: each gets a line in /etc/network/fan, and "fanctl up -a" brings it up.

USAGE
  fanatic                                     interactive setup
  fanatic configure [-u UNDERLAY -o OVERLAY]  the same; scripts name the networks
  fanatic deconfigure [-u UNDERLAY -o OVERLAY]
  fanatic enable-fan -u UNDERLAY -o OVERLAY [OPTION...]
  fanatic disable-fan -u UNDERLAY -o OVERLAY
  fanatic show
  fanatic help

  Networks may also be given as words, as with "fanctl up": fanatic configure 250.0.0.0/8 10.0.0.0/16
  Options are those of a line in that file: --type vxlan, --no-dhcp, --bridge NAME, ...

EXAMPLES
  fanatic enable-fan -u 10.0.0.0/16 -o 250.0.0.0/8
  fanatic show
`

/** What to do by hand until fanctl does it. */
const instead: Readonly<Record<string, (bridge: string) => string>> = {
  'enable-docker': (bridge) =>
    `by hand: docker network create -d bridge --subnet SLICE --gateway GATEWAY -o com.docker.network.bridge.name=${bridge} -o com.docker.network.driver.mtu=MTU -o com.docker.network.bridge.inhibit_ipv4=true ${bridge}; "fanctl show --json" has slice, gateway and MTU`,
  'disable-docker': (bridge) => `by hand: docker network rm ${bridge}`,
  'enable-lxd': (bridge) =>
    `by hand: lxc profile device add default eth0 nic nictype=bridged parent=${bridge} name=eth0`,
  'disable-lxd': () => 'by hand: lxc profile device remove default eth0',
  test: () => 'from a container or a host, ping the gateway of another host; find it with "fanctl map"',
}

/** Throws NOT_YET for a verb that is still to come. */
export function refuseLater(verb: string, bridge: () => string): void {
  const say = Object.hasOwn(instead, verb) ? instead[verb] : undefined
  if (say) throw new FanError('NOT_YET', { verb, instead: say(verb === 'test' ? '' : bridge()) })
}
