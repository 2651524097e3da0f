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

const input = <Details>(say: Entry<Details>['say'], hint?: Entry<Details>['hint']): Entry<Details> => ({
  say,
  ...(hint && { hint }),
  exitCode: 2,
})
const host = <Details>(say: Entry<Details>['say'], hint?: Entry<Details>['hint']): Entry<Details> => ({
  say,
  ...(hint && { hint }),
  exitCode: 1,
})

/** Long input is cut. */
const quote = (text: string) => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
/** Of a record that is of no use. A file can have a name that no bridge can have. */
const wayOut = (bridge?: string) =>
  bridge !== undefined
    ? `bring that fan up again as it was asked for, or take it down: fanctl down --bridge ${bridge}`
    : 'no fan can be called that: remove the file'
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
  USAGE: input<{ message: string; command: string }>(
    ({ message }) => message,
    ({ command }) => `see: ${command} --help`,
  ),
  VALUE_EMPTY: input<Text>(
    ({ what }) => `${what} is empty`,
    ({ what }) => `give ${what} a value`,
  ),
  ADDRESS_MALFORMED: input<Text>(
    ({ what, text }) => `${what} is not an IPv4 address: ${quote(text)}`,
    () => 'write four numbers with dots between, such as 10.0.3.4',
  ),
  UNDERLAY_MALFORMED: input<Text>(
    ({ what, text }) => `${what} is neither an address nor the name of a device: ${quote(text)}`,
    () => 'write 10.0.3.4/16, 10.0.0.0/16, eth0/16 or default/16',
  ),
  IPV6_UNSUPPORTED: input<Text>(
    ({ what, text }) => `${what} is an IPv6 address, and a fan maps IPv4: ${quote(text)}`,
    () => 'use IPv4, such as 250.0.0.0/8 for the overlay and 10.0.3.4/16 for the underlay',
  ),
  LEADING_ZERO: input<Text & { better: string }>(
    ({ what, text }) => `${what} has a number with a leading zero: ${quote(text)}`,
    ({ better }) => `some programs read it as octal; write ${better}`,
  ),
  OCTET_OUT_OF_RANGE: input<Text>(
    ({ what, text }) => `${what} has a number above 255: ${quote(text)}`,
    () => 'each of the four numbers is from 0 to 255',
  ),
  PREFIX_LENGTH_MISSING: input<Text & { example: string }>(
    ({ what, text }) => `${what} has no prefix length: ${quote(text)}`,
    ({ example }) => `write it with one, such as ${example}`,
  ),
  PREFIX_LENGTH_INVALID: input<Text>(
    ({ what, text }) => `${what} has a prefix length that is not a number from 0 to 32: ${quote(text)}`,
    () => 'the length is what follows the slash, as 16 in 10.0.0.0/16',
  ),
  NUMBER_INVALID: input<{ option: string; text: string; least: number; most: number }>(
    ({ option, text, least, most }) => `${option} is not a whole number from ${least} to ${most}: ${quote(text)}`,
  ),
  CHOICE_INVALID: input<{ option: string; text: string; choices: readonly string[] }>(
    ({ option, text, choices }) => `${option} is not one of ${list(choices)}: ${quote(text)}`,
  ),
  OPTION_UNKNOWN: input<{ option: string; options: readonly string[] }>(
    ({ option }) => `${quote(option)} is no option of a fan`,
    ({ options }) => `the options are ${list(options)}; networks come before them`,
  ),
  OPTION_CONTRADICTED: input<{ one: string; other: string }>(
    ({ one, other }) => `it says both ${quote(one)} and ${quote(other)}`,
    () => 'leave one of them out',
  ),
  OPTIONS_EXCLUSIVE: input<{ option: string; other: string }>(
    ({ option, other }) => `${option} means all of them, and ${quote(other)} says which`,
    () => 'leave one of the two out',
  ),
  FAN_UNCLEAR: input<{ first: string; second: string; readings: readonly string[] }>(
    ({ first, second, readings }) => `neither order of ${first} and ${second} makes a fan: ${readings.join('. Or ')}`,
    () => 'the overlay is the wider network, with the shorter length',
  ),
  LINE_TOO_LONG: input<{ longestLine: number }>(
    ({ longestLine }) => `the line has more than ${longestLine} characters`,
    () => 'a fan is two networks and some options; remove the rest of the line',
  ),
  CHARACTER_INVALID: input<{ code: string }>(
    ({ code }) => `the character ${code} has no place here`,
    () => 'use letters, digits and common signs; words are separated by spaces or tabs',
  ),
  LINES_CLASH: input<{ problem: string; line: number }>(
    ({ problem, line }) => `${problem} of line ${line}`,
    () => 'change one of the two lines, or turn it off',
  ),
  SETTINGS_INVALID: input<{ path: string; line: number; column: number; problem: string }>(
    ({ path, line, column, problem }) => `${path}:${line}:${column}: ${problem}`,
    () => 'correct that line, or forget these settings: fanctl config unset UNDERLAY OVERLAY',
  ),
  SETTINGS_STRANGE: input<{ path: string }>(
    ({ path }) => `${path} is not named after the networks of a fan`,
    () => 'such a name is 10.0.0.0-16--250.0.0.0-8.conf; rename it, or remove it',
  ),
  IMPORT_UNKNOWN: input<{ problem: string; sources: readonly string[] }>(
    ({ problem }) => `this cannot be imported: ${problem}`,
    ({ sources }) => `say what it is with --from (${list(sources)}), and give all of its file`,
  ),
  IMPORT_MALFORMED: input<{ what: string; line: number; column: number; problem: string }>(
    ({ what, line, column, problem }) =>
      `${what} is neither YAML nor JSON at line ${line}, column ${column}: ${problem}`,
    () => 'correct that place, or have the other program print its configuration again',
  ),
  OPTION_NEEDS_VXLAN: input<{ option: string; type: string; types: readonly string[] }>(
    ({ option, type, types }) => `${option} is for ${list(types)} fans, and this one is ${type}`,
    ({ option, types }) => `add --type ${types.join('|')}, or leave ${option} out`,
  ),
  BRIDGE_NAME_INVALID: input<{ name: string; problem: string }>(
    ({ name, problem }) => `${quote(name)} cannot be the name of a bridge: ${problem}`,
    () => 'choose a name such as fan-250, or leave --bridge out',
  ),
  FOLDER_INVALID: input<{ variable: string; path: string }>(
    ({ variable, path }) => `${variable} is not a path that fanctl can use: ${quote(path)}`,
    () => 'it has to begin with "/" and to do without spaces and special characters',
  ),
  INPUT_TWICE: input<Record<never, never>>(
    () => 'standard input, "-", can be read only once',
    () => 'name it once, and put the other addresses into it',
  ),
  OPTION_MISSING: input<{ option: string; example: string }>(
    ({ option }) => `${option} is missing`,
    ({ example }) => `for example: ${example}`,
  ),

  TERMINAL_MISSING: input<{ command: string }>(
    ({ command }) => `${command} asks which networks are meant, and there is no terminal to ask on`,
    ({ command }) => `name them: ${command} -u 10.0.0.0/16 -o 250.0.0.0/8`,
  ),

  // The arithmetic of a fan.
  OVERLAY_HOST_BITS: input<Pair & { network: string }>(
    ({ overlay }) => `the overlay ${overlay} has host bits set`,
    ({ network }) => `its network is ${network}`,
  ),
  OVERLAY_NOT_WIDER: input<Pair & { overlayLength: number; underlayLength: number }>(
    ({ overlay, underlay }) => `the overlay ${overlay} is not wider than the underlay ${underlay}`,
    ({ overlayLength, underlayLength }) => {
      const shorter = underlayLength > 2 ? [`an overlay of /${underlayLength - 2} or shorter`] : []
      const longer = overlayLength < 31 ? [`an underlay of /${overlayLength + 2} or longer`] : []
      return `use ${[...shorter, ...longer, 'the usual pair, /8 over /16'].join(', or ')}`
    },
  ),
  SLICE_TOO_SMALL: input<Pair & { sliceLength: number; most: number }>(
    ({ overlay, underlay, sliceLength }) =>
      `${overlay} over ${underlay} gives each host a /${sliceLength}, which has no room for a gateway and a container`,
    ({ most }) => `a slice has to be /30 or wider: use an overlay of /${most} or shorter`,
  ),
  OVERLAY_RESERVED: input<{ overlay: string; range: string }>(
    ({ overlay, range }) => `the overlay ${overlay} overlaps ${range}, which hosts treat specially`,
    () => 'use an unused network, such as 250.0.0.0/8 or 240.0.0.0/8',
  ),
  OVERLAY_ON_UNDERLAY: input<Pair>(
    ({ overlay, underlay }) => `the overlay ${overlay} overlaps the underlay ${underlay}`,
    () => 'use another overlay, such as 250.0.0.0/8 or 240.0.0.0/8',
  ),
  HOST_OUTSIDE_UNDERLAY: input<{ host: string; underlay: string }>(
    ({ host: address, underlay }) => `${address} is not in the underlay ${underlay}`,
  ),
  HOST_UNUSABLE: input<{ host: string; underlay: string; role: string }>(
    ({ host: address, underlay, role }) =>
      `${address} is the ${role} address of the underlay ${underlay}, which no host can have`,
    () => 'give the underlay the length that its network really has',
  ),
  ADDRESS_OUTSIDE_OVERLAY: input<{ address: string; overlay: string }>(
    ({ address, overlay }) => `${address} is not in the overlay ${overlay}`,
  ),
  ADDRESS_NOT_MAPPED: input<Pair & { address: string; line?: number }>(
    ({ address, overlay, underlay, line }) =>
      `${line === undefined ? '' : `line ${line}: `}${address} is neither in the overlay ${overlay} nor in the underlay ${underlay}`,
    ({ overlay, underlay }) => `give an address of ${underlay} for its slice, or one of ${overlay} for its host`,
  ),
  HOST_RESERVE_INVALID: input<{ value: string; most: number; slice: string }>(
    ({ value, slice }) => `a host reserve of ${quote(value)} does not fit the slice ${slice}`,
    ({ most }) => `it counts addresses from the gateway: 1 to ${most}`,
  ),
  ROUTES_TOO_MANY: input<{ underlay: string; hosts: number; most: number }>(
    ({ underlay, hosts, most }) =>
      `steering by routes takes one for each other host, at most ${most}, and the underlay ${underlay} has room for ${hosts}`,
    () => 'use --steering ebpf; or an underlay of /20 or longer, if all hosts are in it',
  ),
  MTU_INVALID: input<{ value: string; smallest: number; most: number; underlayMtu: number; overhead: number }>(
    ({ value, most, underlayMtu, overhead }) =>
      `an MTU of ${value} does not fit: the underlay takes ${underlayMtu} bytes and the outer header ${overhead}, which leaves ${most}`,
    ({ smallest, most }) => `use ${smallest} to ${most}, or leave --mtu out to follow the underlay`,
  ),

  // What the host is like.
  NOT_ROOT: host<{ action: string }>(
    ({ action }) => `root is needed to ${action}`,
    () => 'run it with sudo',
  ),
  UNDERLAY_NOT_LOCAL: host<{ underlay: string; isNetwork: boolean; addresses: readonly string[] }>(
    ({ underlay, isNetwork }) =>
      `this host ${isNetwork ? 'has no address in' : 'does not have the address'} ${underlay}`,
    ({ addresses }) =>
      addresses.length > 0 ? `its addresses are ${list(addresses)}` : 'it has no IPv4 address but loopback',
  ),
  UNDERLAY_AMBIGUOUS: host<{ underlay: string; addresses: readonly string[] }>(
    ({ underlay, addresses }) => `this host has ${addresses.length} addresses in ${underlay}: ${list(addresses)}`,
    ({ addresses }) => `say which one: -u ${addresses[0]}`,
  ),
  DEVICE_NOT_FOUND: host<{ device: string; devices: readonly string[] }>(
    ({ device }) => `there is no device ${quote(device)} on this host`,
    ({ devices }) => `its devices are ${list(devices)}`,
  ),
  DEVICE_WITHOUT_ADDRESS: host<{ device: string }>(
    ({ device }) => `the device ${quote(device)} has no IPv4 address`,
    ({ device }) => `wait for one, or set it: ip addr add ADDRESS/LENGTH dev ${shellWord(device)}`,
  ),
  NO_DEFAULT_ROUTE: host<Record<never, never>>(
    () => 'this host has no default route, so "default" names no device',
    () => 'name the device or the address: -u eth0/16 or -u 10.0.3.4/16',
  ),
  UNDERLAY_MTU_TOO_SMALL: host<{ underlayMtu: number; smallest: number }>(
    ({ underlayMtu, smallest }) => `the underlay link takes ${underlayMtu} bytes, and a fan needs ${smallest}`,
    () => 'raise its MTU: ip link set DEVICE mtu 1500',
  ),
  OVERLAY_ROUTED: host<{ overlay: string; route: string; device: string }>(
    ({ overlay, route, device }) =>
      `this host already routes ${route} to ${device}, which the overlay ${overlay} overlaps`,
    () => 'choose an overlay that nothing else uses (see: ip route), such as 250.0.0.0/8',
  ),
  OVERLAY_TAKEN: host<{ overlay: string; bridge: string; other: string }>(
    ({ overlay, bridge, other }) => `the overlay ${overlay} overlaps ${other}, which the fan on ${bridge} has`,
    ({ bridge }) => `take that one down first: fanctl down --bridge ${bridge}`,
  ),
  BRIDGE_TAKEN: host<{ bridge: string; fan: string }>(
    ({ bridge, fan }) => `the bridge ${bridge} belongs to the fan ${fan}`,
    ({ bridge }) => `give this fan another one with --bridge, or take that fan down: fanctl down --bridge ${bridge}`,
  ),
  VNI_TAKEN: host<{ vni: number; port: number; bridge: string }>(
    ({ vni, port, bridge }) => `VNI ${vni} on UDP port ${port} belongs to the fan on ${bridge}`,
    () => 'give this fan another one with --vni, the same on every host',
  ),
  LINK_CONFLICT: host<{ name: string; kind: string }>(
    ({ name, kind }) => `there is already a ${kind} link ${quote(name)} that fanctl did not make`,
    ({ kind }) =>
      kind === 'hardware'
        ? 'choose another name with --bridge'
        : 'choose another name with --bridge, or rename or remove that link if nothing needs it',
  ),
  LINK_REPLACED: host<{ name: string; kind: string; stray: string }>(
    ({ name, kind, stray }) =>
      `a ${kind} link that fanctl did not make is called ${quote(name)}, and the fan's own is called ${quote(stray)} now`,
    () => 'rename or remove the former; then "up", or the monitor, gives the latter its name back',
  ),
  LINK_DISOWNED: host<{ name: string; group: number }>(
    ({ name }) => `the link ${quote(name)} does not count as fanctl's any more: its link group was changed`,
    ({ name, group }) => `set it again: ip link set ${name} group ${group}; or remove the link: ip link del ${name}`,
  ),
  ALTNAME_CONFLICT: host<{ name: string; link: string }>(
    ({ name, link }) =>
      `${quote(name)} is an alternative name of the link ${quote(link)}, so no link can be called that`,
    ({ name, link }) =>
      `remove it: ip link property del dev ${shellWord(link)} altname ${name}; or choose another with --bridge`,
  ),
  TUNNEL_CONFLICT: host<Record<never, never>>(
    () => 'another program has the one external ipip link that a network namespace can have',
    () =>
      'find it with: ip -d link show type ipip; in other namespaces, too, for it may have been moved; or use --type vxlan',
  ),
  VNI_HIDDEN: host<{ vni: number }>(
    ({ vni }) => `VNI ${vni} belongs to a vxlan link that was moved from here to another network namespace`,
    () =>
      'find it with: ip -all netns exec ip -d link show type vxlan; remove it there, or use another --vni or --port',
  ),
  FAN_MAP_TAKEN: host<{ host: string; bridge: string }>(
    ({ host: address, bridge }) =>
      `an ipip fan steered by fan-map takes all ipip packets for ${address}, which the fan on ${bridge} shares`,
    () => 'use --type vxlan, or --steering ebpf for both',
  ),
  STEERING_UNAVAILABLE: host<{ problems: readonly string[] }>(
    ({ problems }) => `nothing can steer the fan on this host: ${problems.join('; ')}`,
    () => 'let it load programs (CAP_BPF), or use --steering routes, which is for underlays of /20 and longer',
  ),
  FAN_NOT_FOUND: host<{ fan: string; fans: readonly string[] }>(
    ({ fan }) => `this host has no fan ${fan}`,
    ({ fans }) => (fans.length > 0 ? `it has ${list(fans)}; see: fanctl show` : 'it has none at all; see: fanctl show'),
  ),
  /** `bridge` may be several, with commas between. */
  FAN_IN_USE: host<{ bridge: string; ports: readonly string[] }>(
    ({ bridge, ports }) => `${bridge} ${bridge.includes(',') ? 'are' : 'is'} in use, by ${list(ports)}`,
    () => 'stop the containers first, or cut them off with --force',
  ),
  LOCKED: host<{ holder: string }>(
    ({ holder }) => `${holder} is changing the fans of this host`,
    () => 'leave --no-wait out to wait for it',
  ),
  BUSY: host<{ holder: string; seconds: number }>(
    ({ holder, seconds }) => `${holder} is changing the fans of this host, for ${seconds} seconds now`,
    () => 'try again when it is done; if it hangs, end that process',
  ),
  KERNEL_BUSY: host<{ tries: number }>(
    ({ tries }) => `the links, addresses or routes of this host changed while they were read, ${tries} times in a row`,
    () => 'try again when fewer containers come and go',
  ),
  MONITOR_RUNNING: host<{ holder: string }>(
    ({ holder }) => `${holder} keeps the fans of this host already`,
    () => 'one monitor is enough; to look once beside it: fanctl monitor --once',
  ),
  FILE_INVALID: host<{ path: string; problem: string; bridge?: string }>(
    ({ path, problem }) => `${path} is damaged: ${problem}`,
    ({ bridge }) => wayOut(bridge),
  ),
  RECORD_UNREADABLE: host<{ path: string; problem: string; bridge?: string }>(
    ({ path, problem }) => `${path} cannot be read: ${problem}`,
    ({ bridge }) => wayOut(bridge),
  ),
  RECORD_NEWER: host<{ path: string; format: number }>(
    ({ path, format }) => `${path} was written by a newer fanctl (format ${format})`,
    () => 'upgrade this one, or take that fan down with the newer one',
  ),
  FILE_UNUSABLE: host<{ path: string; problem: string }>(
    ({ path, problem }) => `${path} cannot be used: ${problem}`,
    () => 'the folders are set with FANCTL_RUNTIME_DIR (/run/fanctl) and FANCTL_STATE_DIR (/var/lib/fanctl)',
  ),
  FILE_NOT_REGULAR: host<{ path: string; problem: string }>(
    ({ path, problem }) => `${path} cannot be used: ${problem}`,
    () => 'remove it or move it away, and run the command again; or name another file',
  ),
  FILE_TOO_LARGE: host<{ path: string; bytes: number; largest: number }>(
    ({ path, bytes, largest }) => `${path} has at least ${bytes} bytes, and fanctl reads files of at most ${largest}`,
    () => 'see whether it is the right file; one of fanctl has a few lines',
  ),
  METRICS_UNUSABLE: host<{ path: string; problem: string }>(
    ({ path, problem }) => `the metrics cannot be written to ${path}: ${problem}`,
    () => "give --metrics a file in a folder that is there, such as node_exporter's for *.prom files",
  ),
  FIREWALL_UNSUPPORTED: host<{ problem: string }>(
    ({ problem }) => `this kernel has no nftables for the family inet, which NAT needs: ${problem}`,
    () => 'load it (modprobe nf_tables), or leave NAT out with --no-nat',
  ),
  NOT_YET: host<{ verb: string; instead: string }>(
    ({ verb }) => `fanctl does not do "fanatic ${verb}" yet`,
    ({ instead }) => instead,
  ),
  LIMIT_REACHED: host<{ task: string; resource: string; remedy: string }>(
    ({ task, resource }) => `cannot ${task}: out of ${resource}`,
    ({ remedy }) => `raise the limit: ${remedy}`,
  ),
  PROC_MISSING: host<{ path: string }>(
    ({ path }) => `${path} is not there, and without it fanctl cannot see this host`,
    () => 'mount it: mount -t proc proc /proc; in a service, leave out ProcSubset=pid',
  ),
  PROGRAM_MISSING: host<{ program: string; package: string }>(
    ({ program }) => `the program ${program} is not installed`,
    ({ package: name }) => `install it: apt-get install ${name}`,
  ),
  PROGRAM_FAILED: host<{ program: string; problem: string }>(
    ({ program, problem }) => `the program ${program} could not be run: ${problem}`,
  ),

  // What went wrong on the way. After all but the last three the host is as it was before.
  MODULE_MISSING: host<{ module: string; kind: string; instead?: string }>(
    ({ kind, module }) => `this kernel cannot make ${kind}: its module ${module} is missing`,
    ({ module, instead }) =>
      `load it with modprobe ${module}, or install the kernel's extra modules${instead === undefined ? '' : `; or use ${instead}`}`,
  ),
  KERNEL_TOO_OLD: host<{ feature: string; since: string }>(
    ({ feature, since }) => `this kernel has no ${feature}, which came with Linux ${since}`,
    () => 'use a newer kernel, or --type ipip on every host',
  ),
  PORT_TAKEN: host<{ port: number; holder: string }>(
    ({ port, holder }) => `UDP port ${port} is taken by ${holder}, and cannot be shared with it`,
    () => 'use another port with --port, the same on every host',
  ),
  DNS_PORT_TAKEN: host<{ address: string; port: number; holder: string }>(
    ({ address, port, holder }) => `dnsmasq cannot listen on ${address}: port ${port} is taken by ${holder}`,
    () => "keep it off the fans' bridges (a dnsmasq with bind-interfaces and except-interface=fan-*)",
  ),
  PROCESSES_HIDDEN: host<{ bridge: string }>(
    ({ bridge }) => `/proc hides other users' processes, so fanctl cannot tell whether a dnsmasq serves ${bridge}`,
    () => 'mount /proc without hidepid (mount -o remount,hidepid=0 /proc), or give fanctl CAP_SYS_PTRACE',
  ),
  DHCP_FAILED: host<{ bridge: string; problem: string }>(
    ({ bridge, problem }) => `dnsmasq did not start on ${bridge}: ${problem}`,
  ),
  FIREWALL_FAILED: host<{ problem: string }>(
    ({ problem }) => `nft refuses the table inet fanctl: ${problem}`,
    () => 'the kernel needs the modules nft_chain_nat and nft_masq for it; without NAT (--no-nat) it does not',
  ),
  STEP_FAILED: host<{ step: string; problem: string }>(({ step, problem }) => `this step failed: ${step}: ${problem}`),
  OUTPUT_FAILED: host<{ problem: string }>(({ problem }) => `the output cannot be written: ${problem}`),
  INTERRUPTED: host<{ signal: string }>(({ signal }) => `stopped by ${signal}; the host is as it was before`),
  ROLLBACK_FAILED: host<{ problem: string; stuck: readonly string[] }>(
    ({ problem, stuck }) => `${problem}. Putting things back failed, too, at: ${stuck.join('; ')}`,
    () => 'fanctl down finishes the work; see: fanctl show --wide',
  ),
  TEARDOWN_INCOMPLETE: host<{ problems: readonly string[] }>(
    ({ problems }) => `not all of it could be taken down: ${problems.join('; ')}`,
    () => 'mend that and run the command again',
  ),
  NOT_CONVERGED: host<{ steps: readonly string[] }>(
    ({ steps }) => `the host is not as it should be after all steps; still to do: ${steps.join('; ')}`,
    () => 'another program changed it meanwhile; see: fanctl show --wide',
  ),
} as const

export type ErrorCode = keyof typeof errors
export type ErrorDetails<Code extends ErrorCode> = Parameters<(typeof errors)[Code]['say']>[0]
