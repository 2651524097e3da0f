/** The flags that several commands have. */
import * as Flags from '@oclif/core/flags'
import { defaults } from '../config/request.js'
import { either } from '../core/printable.js'
import { steeringNames } from '../core/steerings/names.js'
import { steerings } from '../core/steerings/steerings.js'
import { typeNames, typesWith } from '../core/types/types.js'
import { defaultPort } from '../core/types/vxlan/options.js'

/** For commands that change the host. */
export const lockFlags = {
  'no-wait': Flags.boolean({ description: 'fail at once if another fanctl is changing this host, and say which' }),
}

/** The flags that name the networks of a fan. */
export const networkFlags = {
  overlay: Flags.string({
    char: 'o',
    description: 'the network of the containers, such as 250.0.0.0/8',
    helpValue: 'OVERLAY',
  }),
  underlay: Flags.string({
    char: 'u',
    description:
      "this host's address with the length of the hosts' network (10.0.3.4/16), that network (10.0.0.0/16), a device (eth0/16, or eth0 for /16), or default/16 for that of the default route",
    helpValue: 'UNDERLAY',
  }),
}

/** Where containers are attached to. */
export const bridgeFlag = {
  bridge: Flags.string({
    description: 'the bridge that containers are attached to; fan-250 for 250.0.0.0/8',
    helpValue: 'NAME',
  }),
}

/** The flags that name a fan. */
export const fanFlags = { ...networkFlags, ...bridgeFlag }

/** The flags that say how a fan is to be. */
export const settingFlags = {
  ...bridgeFlag,
  type: Flags.string({
    description: `what goes on the wire: ${either(typeNames)}, the same on every host; ${defaults.encapsulation} without it`,
    helpValue: 'TYPE',
  }),
  steering: Flags.string({
    description: `who computes the outer destination: ${steeringNames.map((name) => `${name} (${steerings[name].words})`).join(', ')}, or auto, as without it, for the first of these that works here`,
    helpValue: 'STEERING',
  }),
  dhcp: Flags.boolean({ description: 'serve DHCP and DNS on the bridge, with dnsmasq', allowNo: true }),
  nat: Flags.boolean({
    description: "give what leaves the overlay this host's address; on without --no-nat",
    allowNo: true,
  }),
  'host-reserve': Flags.string({
    description: 'addresses to keep out of DHCP, counted from the gateway; 1 without it',
    helpValue: 'N',
  }),
  mtu: Flags.string({
    description: 'bytes; without it, what the underlay link allows',
    helpValue: 'BYTES',
  }),
  vni: Flags.string({
    description: `${either(typesWith('vni'))} only: network identifier, the same on every host; without it, the first three octets of the overlay`,
    helpValue: 'VNI',
  }),
  port: Flags.string({
    description: `${either(typesWith('port'))} only: UDP port, the same on every host; ${defaultPort} without it`,
    helpValue: 'PORT',
  }),
  enable: Flags.boolean({ description: 'mark it as one of the fan file, which "down -a" takes down' }),
}
