/** Questions about single addresses, to the kernel, to dnsmasq's files and to the network. */
import type { FoundLease, FoundNeighbours, FoundPath, Lookups } from '../app/ports/lookups.js'
import type { Ipv4 } from '../core/ipv4.js'
import type { Probe } from '../core/probe.js'
import { listLinks } from '../kernel/links/find.js'
import { namespaceIdOf, peerNamespaceOf } from '../kernel/namespaces.js'
import { listNeighbours, listStations } from '../kernel/neighbours.js'
import { routeTo } from '../kernel/route-get.js'
import type { Rtnetlink } from '../kernel/socket.js'
import type { Dnsmasq } from '../services/dnsmasq.js'
import { listNamespaces } from '../services/namespaces.js'
import { ping } from '../services/ping.js'

export class LinuxLookups implements Lookups {
  readonly #netlink: Rtnetlink
  readonly #dnsmasq: Dnsmasq

  constructor(netlink: Rtnetlink, dnsmasq: Dnsmasq) {
    this.#netlink = netlink
    this.#dnsmasq = dnsmasq
  }

  async routeTo(address: Ipv4, source?: Ipv4): Promise<FoundPath | string> {
    await listLinks(this.#netlink)
    return await routeTo(this.#netlink, address, source)
  }

  async neighbours(): Promise<FoundNeighbours> {
    await listLinks(this.#netlink)
    return { addresses: await listNeighbours(this.#netlink), stations: await listStations(this.#netlink) }
  }

  async otherEndOf(link: string): Promise<string | undefined> {
    const id = await peerNamespaceOf(this.#netlink, link)
    if (id === undefined) return undefined
    for (const { path, label } of listNamespaces()) if ((await namespaceIdOf(this.#netlink, path)) === id) return label
    return undefined
  }

  leases(): readonly FoundLease[] {
    return this.#dnsmasq.leases().flatMap(({ bridge, leases }) => leases.map((lease) => ({ bridge, ...lease })))
  }

  probe(probe: Probe) {
    return ping(probe)
  }
}
