import { either } from './printable.js'
import { shellWord } from './shell-word.js'

/**
 * Every error that fanctl reports: what failed with the value seen, then what to do next. docs/errors.md has a heading
 * for each, and a test keeps them together. Exit status 2: the request makes no sense. 1: this host cannot do it.
 */
interface Entry<Details> {
  readonly say: (details: Details) => string
  readonly hint?: (details: Details) => string
  readonly exitCode: 1 | 2
}

const usage = <Details>(say: Entry<Details>['say'], hint?: Entry<Details>['hint']): Entry<Details> => ({
  say,
  ...(hint && { hint }),
  exitCode: 2,
})
const failure = <Details>(say: Entry<Details>['say'], hint?: Entry<Details>['hint']): Entry<Details> => ({
  say,
  ...(hint && { hint }),
  exitCode: 1,
})

/** Long input is cut. */
const quote = (text: string) => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
/** For an unusable record. A file can have a name that no bridge can have. */
const wayOut = (bridge?: string) =>
  bridge !== undefined
    ? `run the "fanctl up" of that fan again, or take it down: fanctl down --bridge ${bridge}`
    : 'no fan can have that name: remove the file'
const list = (items: readonly string[]) => items.join(', ')

interface Text {
  /** What the value is for: `the overlay`, `--underlay`. */
  readonly what: string
  readonly text: string
}
interface Pair {
  readonly overlay: string
  readonly underlay: string
}

export const errors = {
  // What a person typed.
  USAGE: usage<{ message: string; command: string }>(
    ({ message }) => message,
    ({ command }) => `see: ${command} --help`,
  ),
  VALUE_EMPTY: usage<Text>(
    ({ what }) => `${what} is empty`,
    ({ what }) => `give ${what} a value`,
  ),
  ADDRESS_MALFORMED: usage<Text>(
    ({ what, text }) => `${what} is not an IPv4 address: ${quote(text)}`,
    () => 'write four numbers separated by dots, such as 10.0.3.4',
  ),
  UNDERLAY_MALFORMED: usage<Text>(
    ({ what, text }) => `${what} is neither an address nor a device name: ${quote(text)}`,
    () => 'write 10.0.3.4/16, 10.0.0.0/16, eth0/16 or default/16',
  ),
  IPV6_UNSUPPORTED: usage<Text>(
    ({ what, text }) => `${what} is an IPv6 address, but fans are IPv4 only: ${quote(text)}`,
    () => 'use IPv4, such as 250.0.0.0/8 for the overlay and 10.0.3.4/16 for the underlay',
  ),
  LEADING_ZERO: usage<Text & { better: string }>(
    ({ what, text }) => `${what} has a number with a leading zero: ${quote(text)}`,
    ({ better }) => `some programs read it as octal; write ${better}`,
  ),
  OCTET_OUT_OF_RANGE: usage<Text>(
    ({ what, text }) => `${what} has a number above 255: ${quote(text)}`,
    () => 'each of the four numbers must be from 0 to 255',
  ),
  PREFIX_LENGTH_MISSING: usage<Text & { example: string }>(
    ({ what, text }) => `${what} has no prefix length: ${quote(text)}`,
    ({ example }) => `write it with its length, such as ${example}`,
  ),
  PREFIX_LENGTH_INVALID: usage<Text>(
    ({ what, text }) => `${what} has an invalid prefix length: ${quote(text)}`,
    () => 'the number after the slash must be from 0 to 32, as in 10.0.0.0/16',
  ),
  NUMBER_INVALID: usage<{ option: string; text: string; least: number; most: number }>(
    ({ option, text, least, most }) => `${option} must be a whole number from ${least} to ${most}, not ${quote(text)}`,
  ),
  CHOICE_INVALID: usage<{ option: string; text: string; choices: readonly string[] }>(
    ({ option, text, choices }) => `${option} must be ${either(choices)}, not ${quote(text)}`,
  ),
  OPTION_UNKNOWN: usage<{ option: string; options: readonly string[] }>(
    ({ option }) => `unknown fan option ${quote(option)}`,
    ({ options }) => `valid options: ${list(options)}; the two networks come first`,
  ),
  OPTION_CONTRADICTED: usage<{ one: string; other: string }>(
    ({ one, other }) => `${quote(one)} contradicts ${quote(other)}`,
    () => 'remove one of them',
  ),
  OPTIONS_EXCLUSIVE: usage<{ option: string; other: string }>(
    ({ option, other }) => `${option} cannot be combined with ${quote(other)}`,
    () => 'remove one of them',
  ),
  FAN_UNCLEAR: usage<{ first: string; second: string; readings: readonly string[] }>(
    ({ first, second, readings }) => `${first} and ${second} do not make a fan in either order. ${readings.join('. ')}`,
    () => 'the overlay is the wider network: its prefix length is the smaller number',
  ),
  LINE_TOO_LONG: usage<{ longestLine: number }>(
    ({ longestLine }) => `the line is longer than ${longestLine} characters`,
    () => 'a line holds two networks and some options; remove everything else',
  ),
  CHARACTER_INVALID: usage<{ code: string }>(
    ({ code }) => `the character ${code} is not allowed here`,
    () => 'use letters, digits and common punctuation; separate words by spaces or tabs',
  ),
  LINES_CLASH: usage<{ taken: string; line: number }>(
    ({ taken, line }) => `line ${line} already uses ${taken}`,
    () => 'change one of the two lines, or add "off" to one of them',
  ),
  SETTINGS_INVALID: usage<{ path: string; line: number; column: number; problem: string }>(
    ({ path, line, column, problem }) => `${path}:${line}:${column}: ${problem}`,
    () => 'correct that line, or discard these settings: fanctl config unset UNDERLAY OVERLAY',
  ),
  SETTINGS_STRANGE: usage<{ path: string }>(
    ({ path }) => `${path} is never read: it is not named after the networks of a fan`,
    () => 'rename it to the form 10.0.0.0-16--250.0.0.0-8.conf, or remove it',
  ),
  IMPORT_UNKNOWN: usage<{ problem: string; sources: readonly string[] }>(
    ({ problem }) => `cannot import this configuration: ${problem}`,
    ({ sources }) => `name its format with --from (${list(sources)}), and pass the whole file`,
  ),
  IMPORT_MALFORMED: usage<{ what: string; line: number; column: number; problem: string }>(
    ({ what, line, column, problem }) =>
      `${what} is neither YAML nor JSON at line ${line}, column ${column}: ${problem}`,
    () => 'correct that place, or have the other program print its configuration again',
  ),
  OPTION_NEEDS_VXLAN: usage<{ option: string; type: string; types: readonly string[] }>(
    ({ option, type, types }) => `${option} is for ${list(types)} fans only, but this one is ${type}`,
    ({ option, types }) => `add --type ${types.join('|')}, or leave ${option} out`,
  ),
  BRIDGE_NAME_INVALID: usage<{ name: string; problem: string }>(
    ({ name, problem }) => `${quote(name)} is not a valid bridge name: ${problem}`,
    () => 'choose a name such as fan-250, or leave --bridge out',
  ),
  FOLDER_INVALID: usage<{ variable: string; path: string }>(
    ({ variable, path }) => `${variable} is not a usable path: ${quote(path)}`,
    () => 'use an absolute path without spaces and special characters',
  ),
  INPUT_TWICE: usage<Record<never, never>>(
    () => 'standard input ("-") can be read only once',
    () => 'give "-" once, and send all addresses there',
  ),
  OPTION_MISSING: usage<{ option: string; example: string }>(
    ({ option }) => `${option} is missing`,
    ({ example }) => `for example: ${example}`,
  ),

  TERMINAL_MISSING: usage<{ command: string }>(
    ({ command }) => `${command} is interactive, but standard input is not a terminal`,
    ({ command }) => `name the networks: ${command} -u 10.0.0.0/16 -o 250.0.0.0/8`,
  ),

  // The arithmetic of a fan.
  OVERLAY_HOST_BITS: usage<Pair & { network: string }>(
    ({ overlay }) => `the overlay ${overlay} has host bits set`,
    ({ network }) => `use its network, ${network}`,
  ),
  OVERLAY_NOT_WIDER: usage<Pair & { overlayLength: number; underlayLength: number }>(
    ({ overlay, underlay }) => `the overlay ${overlay} is not wider than the underlay ${underlay}`,
    ({ overlayLength, underlayLength }) => {
      const shorter = underlayLength > 2 ? [`an overlay of /${underlayLength - 2} or shorter`] : []
      const longer = overlayLength < 31 ? [`an underlay of /${overlayLength + 2} or longer`] : []
      return `use ${[...shorter, ...longer, 'the usual pair, /8 over /16'].join(', or ')}`
    },
  ),
  SLICE_TOO_SMALL: usage<Pair & { sliceLength: number; most: number }>(
    ({ overlay, underlay, sliceLength }) =>
      `${overlay} over ${underlay} gives each host only a /${sliceLength}: too small for a gateway and a container`,
    ({ most }) => `each slice must be /30 or wider: use an overlay of /${most} or shorter`,
  ),
  OVERLAY_RESERVED: usage<{ overlay: string; range: string }>(
    ({ overlay, range }) => `the overlay ${overlay} overlaps the reserved range ${range}`,
    () => 'use an unused network, such as 250.0.0.0/8 or 240.0.0.0/8',
  ),
  OVERLAY_ON_UNDERLAY: usage<Pair>(
    ({ overlay, underlay }) => `the overlay ${overlay} overlaps the underlay ${underlay}`,
    () => 'use another overlay, such as 250.0.0.0/8 or 240.0.0.0/8',
  ),
  HOST_OUTSIDE_UNDERLAY: usage<{ host: string; underlay: string }>(
    ({ host, underlay }) => `${host} is not in the underlay ${underlay}`,
  ),
  HOST_UNUSABLE: usage<{ host: string; underlay: string; role: string }>(
    ({ host, underlay, role }) => `no host can have ${host}: it is the ${role} address of the underlay ${underlay}`,
    () => 'use the prefix length that the network of the hosts really has (see: ip addr)',
  ),
  ADDRESS_OUTSIDE_OVERLAY: usage<{ address: string; overlay: string }>(
    ({ address, overlay }) => `${address} is not in the overlay ${overlay}`,
  ),
  ADDRESS_NOT_MAPPED: usage<Pair & { address: string; line?: number }>(
    ({ address, overlay, underlay, line }) =>
      `${line === undefined ? '' : `line ${line}: `}${address} is in neither the overlay ${overlay} nor the underlay ${underlay}`,
    ({ overlay, underlay }) => `give an address in ${underlay} to get its slice, or one in ${overlay} to get its host`,
  ),
  HOST_RESERVE_INVALID: usage<{ value: string; most: number; slice: string }>(
    ({ value, slice }) => `a host reserve of ${quote(value)} does not fit the slice ${slice}`,
    ({ most }) => `use 1 to ${most}: addresses to keep out of DHCP, counted from the gateway`,
  ),
  ROUTES_TOO_MANY: usage<{ underlay: string; hosts: number; most: number }>(
    ({ underlay, hosts, most }) =>
      `--steering routes needs one route per host, ${most} at most; the underlay ${underlay} has room for ${hosts} hosts`,
    () => 'use --steering ebpf, or, if all hosts fit in it, an underlay of /20 or longer',
  ),
  MTU_INVALID: usage<{ value: string; smallest: number; most: number; underlayMtu: number; overhead: number }>(
    ({ value, smallest, most, underlayMtu, overhead }) =>
      Number(value) < smallest
        ? `an MTU of ${value} is too small: every IPv4 host must accept packets of ${smallest} bytes`
        : `an MTU of ${value} is too large: the underlay's ${underlayMtu} bytes less ${overhead} for the outer header leave ${most}`,
    ({ smallest, most }) => `use ${smallest} to ${most}, or leave out --mtu to follow the underlay`,
  ),

  // What the host is like.
  NOT_ROOT: failure<{ action: string }>(
    ({ action }) => `root privileges are needed to ${action}`,
    () => 'run it with sudo; in a container, it also needs CAP_NET_ADMIN',
  ),
  UNDERLAY_NOT_LOCAL: failure<{ underlay: string; isNetwork: boolean; addresses: readonly string[] }>(
    ({ underlay, isNetwork }) =>
      `this host ${isNetwork ? 'has no address in' : 'does not have the address'} ${underlay}`,
    ({ addresses }) =>
      addresses.length > 0 ? `its addresses: ${list(addresses)}` : 'its only IPv4 addresses are on loopback',
  ),
  UNDERLAY_AMBIGUOUS: failure<{ underlay: string; addresses: readonly string[] }>(
    ({ underlay, addresses }) => `this host has ${addresses.length} addresses in ${underlay}: ${list(addresses)}`,
    ({ addresses }) => `choose one: -u ${addresses[0]}`,
  ),
  DEVICE_NOT_FOUND: failure<{ device: string; devices: readonly string[] }>(
    ({ device }) => `this host has no device ${quote(device)}`,
    ({ devices }) => `its devices: ${list(devices)}`,
  ),
  DEVICE_WITHOUT_ADDRESS: failure<{ device: string }>(
    ({ device }) => `the device ${quote(device)} has no IPv4 address`,
    ({ device }) => `wait for one, or add it: ip addr add ADDRESS/LENGTH dev ${shellWord(device)}`,
  ),
  NO_DEFAULT_ROUTE: failure<Record<never, never>>(
    () => 'this host has no default route, so "default" does not name a device',
    () => 'name the device or the address: -u eth0/16 or -u 10.0.3.4/16',
  ),
  UNDERLAY_MTU_TOO_SMALL: failure<{ underlayMtu: number; smallest: number }>(
    ({ underlayMtu, smallest }) => `the underlay link's MTU is ${underlayMtu}; a fan needs at least ${smallest}`,
    () => 'raise its MTU: ip link set DEVICE mtu 1500',
  ),
  OVERLAY_ROUTED: failure<{ overlay: string; route: string; device: string }>(
    ({ overlay, route, device }) => `the overlay ${overlay} overlaps an existing route: ${route} dev ${device}`,
    () => 'choose an overlay that nothing else uses (see: ip route), or remove that route if it is a leftover',
  ),
  OVERLAY_TAKEN: failure<{ overlay: string; bridge: string; other: string }>(
    ({ overlay, bridge, other }) => `the overlay ${overlay} overlaps the fan on ${bridge} (${other})`,
    ({ bridge }) => `take that fan down first: fanctl down --bridge ${bridge}`,
  ),
  BRIDGE_TAKEN: failure<{ bridge: string; fan: string }>(
    ({ bridge, fan }) => `the bridge ${bridge} belongs to the fan ${fan}`,
    ({ bridge }) => `choose another bridge with --bridge, or take that fan down: fanctl down --bridge ${bridge}`,
  ),
  VNI_TAKEN: failure<{ vni: number; port: number; bridge: string }>(
    ({ vni, port, bridge }) => `VNI ${vni} on UDP port ${port} is already used by the fan on ${bridge}`,
    () => 'choose another VNI with --vni, the same on every host',
  ),
  LINK_CONFLICT: failure<{ name: string; kind: string }>(
    ({ name, kind }) => `the name ${quote(name)} is taken by a ${kind} link that fanctl did not create`,
    ({ kind }) =>
      kind === 'hardware'
        ? 'choose another name with --bridge'
        : 'choose another name with --bridge, or rename or remove that link if nothing needs it',
  ),
  LINK_REPLACED: failure<{ name: string; kind: string; stray: string }>(
    ({ name, kind, stray }) =>
      `the name ${quote(name)} is taken by a ${kind} link that fanctl did not create; the fan's own link is now called ${quote(stray)}`,
    ({ name }) =>
      `rename or remove the other link; "fanctl up" or the monitor then renames the fan's own back to ${name}`,
  ),
  LINK_DISOWNED: failure<{ name: string; group: number }>(
    ({ name }) => `the link ${quote(name)} no longer counts as fanctl's: its link group was changed`,
    ({ name, group }) => `restore it: ip link set ${name} group ${group}; or remove the link: ip link del ${name}`,
  ),
  ALTNAME_CONFLICT: failure<{ name: string; link: string }>(
    ({ name, link }) => `the name ${quote(name)} is taken: it is an alternative name of the link ${quote(link)}`,
    ({ name, link }) =>
      `remove it: ip link property del dev ${shellWord(link)} altname ${name}; or choose another name with --bridge`,
  ),
  TUNNEL_CONFLICT: failure<Record<never, never>>(
    () => 'another program already owns the only external ipip link allowed in this network namespace',
    () =>
      'find it, also in other namespaces (it may have been moved): ip -d link show type ipip; or use --type vxlan on every host',
  ),
  VNI_HIDDEN: failure<{ vni: number }>(
    ({ vni }) => `VNI ${vni} is taken by a vxlan link that was moved from here to another network namespace`,
    () => 'find it and remove it there: ip -all netns exec ip -d link show type vxlan; or use another --vni or --port',
  ),
  FAN_MAP_TAKEN: failure<{ host: string; bridge: string }>(
    ({ host, bridge }) =>
      `fan-map steering claims all ipip packets for ${host}, but the ipip fan on ${bridge} uses that address too`,
    () => 'use --type vxlan, or --steering ebpf for both',
  ),
  STEERING_UNAVAILABLE: failure<{ problems: readonly string[] }>(
    ({ problems }) => `no steering method works on this host: ${problems.join('; ')}`,
    () => 'let fanctl load eBPF programs (CAP_BPF), or use --steering routes with an underlay of /20 or longer',
  ),
  FAN_NOT_FOUND: failure<{ fan: string; fans: readonly string[] }>(
    ({ fan }) => `this host has no fan ${fan}`,
    ({ fans }) =>
      fans.length > 0 ? `its fans: ${list(fans)}; see: fanctl show` : 'it has no fans at all; see: fanctl show',
  ),
  /** `bridge` may be several, with commas between. */
  FAN_IN_USE: failure<{ bridge: string; ports: readonly string[] }>(
    ({ bridge, ports }) => `${bridge} ${bridge.includes(',') ? 'are' : 'is'} in use by ${list(ports)}`,
    () => 'stop the containers first, or disconnect them with --force',
  ),
  LOCKED: failure<{ holder: string }>(
    ({ holder }) => `${holder} is changing this host's fans`,
    () => 'retry later, or leave out --no-wait to wait for it',
  ),
  BUSY: failure<{ holder: string; seconds: number }>(
    ({ holder, seconds }) => `gave up after ${seconds} seconds: ${holder} is still changing this host's fans`,
    () => 'retry later; if that process hangs or is not fanctl, kill it',
  ),
  KERNEL_BUSY: failure<{ tries: number }>(
    ({ tries }) =>
      `gave up after ${tries} tries: this host's links, addresses or routes kept changing while they were read`,
    () => 'retry when fewer containers start and stop',
  ),
  MONITOR_RUNNING: failure<{ holder: string }>(
    ({ holder }) => `fanctl monitor is already running on this host: ${holder}`,
    () => 'one monitor per host is enough; for a single check beside it: fanctl monitor --once',
  ),
  FILE_INVALID: failure<{ path: string; problem: string; bridge?: string }>(
    ({ path, problem }) => `${path} is damaged: ${problem}`,
    ({ bridge }) => wayOut(bridge),
  ),
  RECORD_UNREADABLE: failure<{ path: string; problem: string; bridge?: string }>(
    ({ path, problem }) => `${path} cannot be read: ${problem}`,
    ({ bridge }) => wayOut(bridge),
  ),
  RECORD_NEWER: failure<{ path: string; format: number }>(
    ({ path, format }) => `${path} was written by a newer fanctl (format ${format})`,
    () => 'upgrade this fanctl, or take the fan down with the newer one',
  ),
  FILE_UNUSABLE: failure<{ path: string; problem: string }>(
    ({ path, problem }) => `${path} cannot be used: ${problem}`,
    () =>
      'fix that; or choose other folders: FANCTL_RUNTIME_DIR (default: /run/fanctl), FANCTL_STATE_DIR (default: /var/lib/fanctl)',
  ),
  FILE_NOT_REGULAR: failure<{ path: string; problem: string }>(
    ({ path, problem }) => `${path} cannot be used: ${problem}`,
    () => 'remove it or move it away, then run the command again; or name another file',
  ),
  FILE_TOO_LARGE: failure<{ path: string; bytes: number; largest: number }>(
    ({ path, bytes, largest }) => `${path} is too large: at least ${bytes} bytes; fanctl reads at most ${largest}`,
    () => 'check that it is the right file; files of fanctl have a few lines',
  ),
  METRICS_UNUSABLE: failure<{ path: string; problem: string }>(
    ({ path, problem }) => `cannot write the metrics to ${path}: ${problem}`,
    () => "give --metrics a file in an existing folder, such as node_exporter's folder for *.prom files",
  ),
  FIREWALL_UNSUPPORTED: failure<{ problem: string }>(
    ({ problem }) => `this kernel does not support nftables tables of the family inet: ${problem}`,
    () => 'load the module (modprobe nf_tables), or do without NAT: --no-nat',
  ),
  NOT_YET: failure<{ verb: string; instead: string }>(
    ({ verb }) => `"fanatic ${verb}" is not supported yet`,
    ({ instead }) => instead,
  ),
  LIMIT_REACHED: failure<{ task: string; problem: string; remedy: string }>(
    ({ task, problem }) => `cannot ${task}: ${problem}`,
    ({ remedy }) => `raise the limit: ${remedy}`,
  ),
  PROC_MISSING: failure<{ path: string }>(
    ({ path }) => `${path} does not exist, so fanctl cannot inspect this host`,
    () => 'mount it: mount -t proc proc /proc; in a systemd service, remove ProcSubset=pid',
  ),
  PROGRAM_MISSING: failure<{ program: string; package: string }>(
    ({ program }) => `the program ${program} is not installed`,
    ({ package: name }) => `install it: apt-get install ${name}`,
  ),
  PROGRAM_FAILED: failure<{ program: string; problem: string }>(
    ({ program, problem }) => `the program ${program} could not be run: ${problem}`,
  ),

  // What went wrong on the way. After all but the last three the host is as it was before.
  MODULE_MISSING: failure<{ module: string; kind: string; instead?: string }>(
    ({ kind, module }) => `this kernel cannot create ${kind}: its module ${module} is missing`,
    ({ module, instead }) =>
      `load it (modprobe ${module}), or install the package with this kernel's extra modules${instead === undefined ? '' : `; or use ${instead}`}`,
  ),
  KERNEL_TOO_OLD: failure<{ feature: string; since: string }>(
    ({ feature, since }) => `this kernel is too old: ${feature} needs Linux ${since} or later`,
    () => 'use a newer kernel, or --type ipip on every host',
  ),
  PORT_TAKEN: failure<{ port: number; holder: string }>(
    ({ port, holder }) => `UDP port ${port} is taken by ${holder} and cannot be shared`,
    () => 'choose another port with --port, the same on every host',
  ),
  DNS_PORT_TAKEN: failure<{ address: string; port: number; holder: string }>(
    ({ address, port, holder }) => `dnsmasq cannot listen on ${address}: port ${port} is taken by ${holder}`,
    () => 'keep that program off the bridges of fans; for a dnsmasq: bind-interfaces and except-interface=fan-*',
  ),
  PROCESSES_HIDDEN: failure<{ bridge: string }>(
    ({ bridge }) => `/proc hides other users' processes, so fanctl cannot tell whether dnsmasq runs on ${bridge}`,
    () => 'mount /proc without hidepid (mount -o remount,hidepid=0 /proc), or give fanctl CAP_SYS_PTRACE',
  ),
  DHCP_FAILED: failure<{ bridge: string; problem: string }>(
    ({ bridge, problem }) => `dnsmasq did not start on ${bridge}: ${problem}`,
  ),
  FIREWALL_FAILED: failure<{ problem: string }>(
    ({ problem }) => `nft rejected the table inet fanctl: ${problem}`,
    () => 'load the kernel modules for NAT (modprobe -a nft_chain_nat nft_masq), or do without NAT: --no-nat',
  ),
  STEP_FAILED: failure<{ step: string; problem: string }>(
    ({ step, problem }) => `this step failed: ${step}: ${problem}`,
  ),
  OUTPUT_FAILED: failure<{ problem: string }>(({ problem }) => `cannot write the output: ${problem}`),
  INTERRUPTED: failure<{ signal: string }>(({ signal }) => `stopped by ${signal}; the host is as it was before`),
  ROLLBACK_FAILED: failure<{ problem: string; stuck: readonly string[] }>(
    ({ problem, stuck }) => `${problem}. The rollback failed too; still to undo: ${stuck.join('; ')}`,
    () => 'run "fanctl down" to finish it; see: fanctl show --wide',
  ),
  TEARDOWN_INCOMPLETE: failure<{ problems: readonly string[] }>(
    ({ problems }) => `the fan was only partly taken down: ${problems.join('; ')}`,
    () => 'fix the cause, then run the command again',
  ),
  NOT_CONVERGED: failure<{ steps: readonly string[] }>(
    ({ steps }) =>
      `every step worked, but this host still differs from what was asked for; still to do: ${steps.join('; ')}`,
    () => 'another program changed it at the same time; see: fanctl show --wide',
  ),
} as const

export type ErrorCode = keyof typeof errors
export type ErrorDetails<Code extends ErrorCode> = Parameters<(typeof errors)[Code]['say']>[0]
