/** Questions about single addresses, to the kernel, to dnsmasq's files and to the network. */
import type { FoundLease, FoundNeighbours, FoundPath, Lookups } from '../app/ports/lookups.js'
import type { Ipv4 } from '../core/ipv4.js'
import type { Probe } from '../core/probe.js'
import { indexOf, listLinks } from '../kernel/links.js'
import { listNeighbours, listStations, routeTo } from '../kernel/lookups.js'
import { namespaceIdOf, peerNamespaceOf } from '../kernel/namespaces.js'
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
    const path = await routeTo(this.#netlink, address, source)
    if (typeof path === 'string') return path
    const { index, ...rest } = path
    return { ...rest, link: (await this.#names()).get(index) ?? '' }
  }

  async neighbours(): Promise<FoundNeighbours> {
    const names = await this.#names()
    const nameOf = (index: number) => names.get(index) ?? ''
    return {
      addresses: (await listNeighbours(this.#netlink)).map(({ index, ...rest }) => ({ ...rest, link: nameOf(index) })),
      stations: (await listStations(this.#netlink)).map(({ index, mac }) => ({ port: nameOf(index), mac })),
    }
  }

  async otherEndOf(link: string): Promise<string | undefined> {
    const id = await peerNamespaceOf(this.#netlink, await indexOf(this.#netlink, link))
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

  async #names(): Promise<Map<number, string>> {
    return new Map((await listLinks(this.#netlink)).map(({ index, name }) => [index, name]))
  }
}
