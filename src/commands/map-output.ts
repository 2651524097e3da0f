/** A fan map for people, with its bits shown, and for programs. */
import type { MapRenderer } from '../app/map.js'
import { addressesPerHostOf, type FanMap, hostBitsOf, hostsOf, sliceLengthOf } from '../core/fan-map.js'
import { formatPrefix, type Prefix } from '../core/ipv4.js'
import { viewError } from './base.js'

const columns = [16, 10, 16, 20, 17]

export const textRenderer: MapRenderer = {
  head: (map) =>
    [
      `overlay   ${formatPrefix(map.overlay).padEnd(20)} ${overlayBits(map)}`,
      `underlay  ${formatPrefix(map.underlay).padEnd(20)} ${underlayBits(map)}`,
      `          ${''.padEnd(20)} h: host, c: container`,
      `${count(hostsOf(map), 'host')}, each with a /${sliceLengthOf(map)} slice: ${count(addressesPerHostOf(map), 'address')} for containers`,
      '',
    ].join('\n'),
  row: ({ address, side, host, slice, gateway, pool }, isFirst) => {
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
  head: (map) => {
    const numbers = {
      format: 1,
      overlay: formatPrefix(map.overlay),
      underlay: formatPrefix(map.underlay),
      hosts: hostsOf(map),
      addressesPerHost: addressesPerHostOf(map),
      sliceLength: sliceLengthOf(map),
    }
    return `${JSON.stringify(numbers).slice(0, -1)},"addresses":[`
  },
  row: (row, isFirst) => `${isFirst ? '' : ','}\n${JSON.stringify(row)}`,
  tail: (rows, warnings, failure) => {
    const error = failure ? `,${JSON.stringify(viewError(failure)).slice(1, -1)}` : ''
    return `${rows > 0 ? '\n' : ''}],"warnings":${JSON.stringify(warnings)}${error}}\n`
  },
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
