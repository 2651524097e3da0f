/** What to do about a chain of another program that drops what containers send. */
import { type Fan, tunnelOf } from '../../core/fan.js'

/** The commands that let a fan through a chain, `table chain`; where there is no telling, what shows it. */
export function letThrough(chain: string, fan: Fan): string {
  const links = [fan.bridge, tunnelOf(fan)]
  if (/ufw/.test(chain)) return `ufw route allow in on ${fan.bridge} && ufw route allow out on ${fan.bridge}`
  if (chain === 'ip filter FORWARD')
    return links
      .map((link) => `iptables -I FORWARD -i ${link} -j ACCEPT && iptables -I FORWARD -o ${link} -j ACCEPT`)
      .join(' && ')
  // Through netlink a chain can have a name that is several commands to nft.
  if (!/^[\w ./-]+$/.test(chain)) return 'see: nft list ruleset'
  return `nft insert rule ${chain} iifname ${fan.bridge} accept && nft insert rule ${chain} oifname ${fan.bridge} accept`
}
