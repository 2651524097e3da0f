/** What a host is like, in the words of the system's own programs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const commands = [
  'ip -d link',
  'ip addr',
  'ip route show table all',
  'ip neigh show nud permanent',
  'tc qdisc',
  'nft list ruleset',
  'sysctl net.ipv4.ip_forward net.ipv4.conf.all.send_redirects net.ipv4.conf.all.accept_redirects',
]

/**
 * Everything that a fan can change on a host. Timers of bridges run on by themselves and are left out, and so is what
 * an IPv6 neighbour discovery has reached by now.
 */
export async function snapshot(
  run: (words: readonly string[]) => Promise<string>,
  runtimeFolder: string,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const command of commands) found[command] = withoutTimers(await run(command.split(' ')))
  for (const link of JSON.parse(await run(['ip', '-j', 'link'])) as { ifname: string }[])
    for (const direction of ['ingress', 'egress'])
      found[`tc filter ${link.ifname} ${direction}`] = await run([
        'tc',
        'filter',
        'show',
        'dev',
        link.ifname,
        direction,
      ])
  found['runtime folder'] = existsSync(runtimeFolder) ? 'there' : 'not there'
  if (existsSync(runtimeFolder))
    for (const name of readdirSync(runtimeFolder)) found[name] = readFileSync(join(runtimeFolder, name), 'utf8')
  return found
}

function withoutTimers(text: string): string {
  return text
    .replaceAll(/_timer +[\d.]+/g, '_timer')
    .split('\n')
    .filter((line) => !/inet6|fe80::|ff00::|multicast/.test(line))
    .join('\n')
}
