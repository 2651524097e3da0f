/** `fanctl map`: addresses of either side in, rows out, as a stream. */
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { readAddress } from '../config/values.js'
import { FanError } from '../core/errors.js'
import { type FanMap, gatewayOf, isUnusableHost, ownerOf, poolOf, sliceOf } from '../core/fan-map.js'
import { contains, formatAddress, formatPrefix, hasHostBits, type Ipv4, type Prefix } from '../core/ipv4.js'
import type { MapRow } from './results.js'

export interface MapRequest {
  readonly map: FanMap
  /** As given: host bits make it an address. */
  readonly underlay: Prefix
  /** `-` stands for the lines of the input. */
  readonly addresses: readonly string[]
  readonly input: Readable
  readonly output: Writable
}

/** How rows become text. A failure in the middle still gives a whole text. */
export interface MapRenderer {
  readonly head: (map: FanMap) => string
  readonly row: (row: MapRow, isFirst: boolean) => string
  readonly tail: (rows: number, warnings: readonly string[], failure: FanError | undefined) => string
}

/** Bytes to collect before they are written. */
const chunk = 65_536

/** Streams the rows of all addresses. Throws one of the errors about addresses, or ADDRESS_NOT_MAPPED. */
export async function mapAddresses(request: MapRequest, { head, row, tail }: MapRenderer): Promise<void> {
  const { map, output } = request
  const warnings: string[] = []
  let text = head(map)
  let rows = 0
  let failure: FanError | undefined
  try {
    for await (const address of addressesOf(request)) {
      text += row(rowOf(map, address, warnings), rows === 0)
      rows += 1
      if (text.length < chunk) continue
      await write(output, text)
      text = ''
    }
  } catch (error) {
    if (!(error instanceof FanError)) throw error
    failure = error
  }
  await write(output, text + tail(rows, warnings, failure))
  if (failure) throw failure
}

async function* addressesOf({ underlay, addresses, input }: MapRequest): AsyncGenerator<Ipv4> {
  if (hasHostBits(underlay)) yield underlay.address
  for (const text of addresses)
    if (text === '-') yield* linesOf(input)
    else yield readAddress('the address', text)
}

async function* linesOf(input: Readable): AsyncGenerator<Ipv4> {
  let number = 0
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    const text = line.trim()
    if (text !== '') yield readAddress(`line ${number}`, text)
  }
}

function rowOf(map: FanMap, address: Ipv4, warnings: string[]): MapRow {
  const isOverlay = contains(map.overlay, address)
  if (!isOverlay && !contains(map.underlay, address))
    throw new FanError('ADDRESS_NOT_MAPPED', {
      address: formatAddress(address),
      overlay: formatPrefix(map.overlay),
      underlay: formatPrefix(map.underlay),
    })
  const host = isOverlay ? ownerOf(map, address) : address
  if (isUnusableHost(map, host) && warnings.length < 100)
    warnings.push(`${formatAddress(host)} is the network or broadcast address of its underlay, which no host can have`)
  const slice = sliceOf(map, host)
  const { first, last } = poolOf(slice)
  return {
    address: formatAddress(address),
    side: isOverlay ? 'overlay' : 'underlay',
    host: formatAddress(host),
    slice: formatPrefix(slice),
    gateway: formatAddress(gatewayOf(slice)),
    pool: { first: formatAddress(first), last: formatAddress(last) },
  }
}

/** Waits where the reader is slower than we are. */
function write(output: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(text, (error) => (error ? reject(error) : resolve()))
  })
}
