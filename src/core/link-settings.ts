/** The settings that go with a link, as paths below /proc/sys. */

export const linkSettings = {
  disableIpv6: (name: string) => `net/ipv6/conf/${name}/disable_ipv6`,
  sendRedirects: (name: string) => `net/ipv4/conf/${name}/send_redirects`,
  proxyArp: (name: string) => `net/ipv4/conf/${name}/proxy_arp`,
  proxyDelay: (name: string) => `net/ipv4/neigh/${name}/proxy_delay`,
}

/** All settings of a link that a fan may want. */
export function linkSysctlKeys(name: string): string[] {
  return Object.values(linkSettings).map((keyOf) => keyOf(name))
}
