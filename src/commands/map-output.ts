/** A fan map for people, with its bits shown, and for programs. */
import type { MapRenderer } from '../app/map.js'
import { type FanMap, hostBitsOf } from '../core/fan-map.js'
import type { Prefix } from '../core/ipv4.js'
import { viewMap, viewMapped } from '../results/map.js'
import { viewProblem } from '../results/parts.js'

const columns = [16, 10, 16, 20, 17]

export const textRenderer: MapRenderer = {
  head: (map) => {
    const { overlay, underlay, hosts, sliceLength, addressesPerHost } = viewMap(map)
    return [
      `overlay   ${overlay.padEnd(20)} ${overlayBits(map)}`,
      `underlay  ${underlay.padEnd(20)} ${underlayBits(map)}`,
      `          ${''.padEnd(20)} h: host, c: container`,
      `${count(hosts, 'host')}, each with a /${sliceLength} slice: ${count(addressesPerHost, 'address')} for containers`,
      '',
    ].join('\n')
  },
  row: (mapped, isFirst) => {
    const { address, side, host, slice, gateway, pool } = viewMapped(mapped)
    const heading = isFirst ? `\n${cells('Address', 'Side', 'Host', 'Slice', 'Gateway', 'Pool')}` : ''
    return heading + cells(address, side, host, slice, gateway, `${pool.first} to ${pool.last}`)
  },
  tail: () => '',
}

function count(number: number, noun: 'host' | 'address'): string {
  const many = noun === 'host' ? 'hosts' : 'addresses'
  return `${number} ${number === 1 ? noun : many}`
}

function cells(...texts: string[]): string {
  return `${texts.map((text, column) => text.padEnd(columns[column] ?? 0)).join('')}\n`
}

export const jsonRenderer: MapRenderer = {
  head: (map) => `{${members(viewMap(map))},"addresses":[`,
  row: (row, isFirst) => `${isFirst ? '' : ','}\n${JSON.stringify(viewMapped(row))}`,
  tail: (rows, warnings, failure) =>
    `${rows > 0 ? '\n' : ''}],${members({ warnings, ...(failure && { error: viewProblem(failure) }) })}}\n`,
}

/** What stands between the braces of an object as JSON. */
function members(value: object): string {
  return Object.entries(value)
    .map(([key, one]) => `${JSON.stringify(key)}:${JSON.stringify(one)}`)
    .join(',')
}

/** Which bit of an overlay address is what: fixed bits as they are, then h for the host and c for the container. */
function overlayBits(map: FanMap): string {
  return bits(map.overlay, hostBitsOf(map))
}

function underlayBits(map: FanMap): string {
  return bits(map.underlay, hostBitsOf(map))
}

function bits({ address, length }: Prefix, hostBits: number): string {
  const fixed = address.toString(2).padStart(32, '0').slice(0, length)
  const all = fixed + 'h'.repeat(hostBits) + 'c'.repeat(32 - length - hostBits)
  return all.match(/.{8}/g)?.join('.') ?? all
}
