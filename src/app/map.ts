/** `fanctl map`: addresses of either side in, rows out, as a stream. */
import type { Readable, Writable } from 'node:stream'
import { readAddress } from '../config/values.js'
import { FanError } from '../core/errors.js'
import { type FanMap, ownerOf, sliceOf, unusableRoleOf } from '../core/fan-map.js'
import { contains, formatAddress, formatPrefix, hasHostBits, type Ipv4, type Prefix } from '../core/ipv4.js'

export interface MapRequest {
  readonly map: FanMap
  /** As given: host bits make it an address, and so does the length 32. */
  readonly underlay: Prefix
  /** `-` stands for the lines of the input. */
  readonly addresses: readonly string[]
  readonly input: Readable
  readonly output: Writable
}

export const mapSides = ['underlay', 'overlay'] as const

/** What a map says of an address. */
export interface MappedAddress {
  readonly address: Ipv4
  readonly side: (typeof mapSides)[number]
  /** The owner on the underlay, and what it has of the overlay. */
  readonly host: Ipv4
  readonly slice: Prefix
}

/** How rows become text. A failure in the middle of the input still gives a whole text. */
export interface MapRenderer {
  readonly head: (map: FanMap) => string
  readonly row: (row: MappedAddress, isFirst: boolean) => string
  readonly tail: (rows: number, warnings: readonly string[], failure: FanError | undefined) => string
}

export interface MapOutcome {
  readonly warnings: readonly string[]
  /** What is wrong with a line of the input. The rows before it are written. */
  readonly failure: FanError | undefined
}

/**
 * Streams the rows of all addresses. Throws one of the errors about addresses, ADDRESS_NOT_MAPPED or INPUT_TWICE for
 * what is on the command line, before anything is written.
 */
export async function mapAddresses(request: MapRequest, { head, row, tail }: MapRenderer): Promise<MapOutcome> {
  const { map, output } = request
  const given = readGiven(request)
  const unusable = new Map<Ipv4, string>()
  let text = head(map)
  let rows = 0
  let failure: FanError | undefined
  try {
    for await (const addresses of batchesOf(request, given)) {
      for (const address of addresses) {
        text += row(rowOf(map, address, unusable), rows === 0)
        rows += 1
      }
      await write(output, text)
      text = ''
    }
  } catch (error) {
    if (!(error instanceof FanError)) throw error
    failure = error
  }
  const warnings = warningsOf(unusable)
  await write(output, text + tail(rows, warnings, failure))
  return { warnings, failure }
}

/** The command line, checked. `-` stays what it is. */
function readGiven({ map, underlay, addresses }: MapRequest): (Ipv4 | '-')[] {
  if (addresses.filter((text) => text === '-').length > 1) throw new FanError('INPUT_TWICE', {})
  const isHost = hasHostBits(underlay) || underlay.length === 32
  const read = addresses.map((text) => (text === '-' ? text : mapped(map, readAddress('the address', text))))
  return isHost ? [underlay.address, ...read] : read
}

/** In batches: to wait for every single line would take longer than to map it. */
async function* batchesOf({ map, input }: MapRequest, given: readonly (Ipv4 | '-')[]): AsyncGenerator<readonly Ipv4[]> {
  for (const address of given)
    if (address === '-') yield* linesOf(map, input)
    else yield [address]
}

/** The addresses of each piece of the input that ends with a whole line. Those before a bad line come first. */
async function* linesOf(map: FanMap, input: Readable): AsyncGenerator<readonly Ipv4[]> {
  let line = 0
  let rest = ''
  for await (const piece of withEnd(input)) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    const addresses: Ipv4[] = []
    try {
      for (const raw of lines) {
        line += 1
        const text = raw.trim()
        if (text !== '') addresses.push(mapped(map, readAddress(`line ${line}`, text), line))
      }
    } catch (error) {
      yield addresses
      throw error
    }
    yield addresses
  }
}

/** The last line may lack its end. */
async function* withEnd(input: Readable): AsyncGenerator<string> {
  for await (const piece of input.setEncoding('utf8')) yield piece
  yield '\n'
}

/** The address, if it is on either side of the map. Throws ADDRESS_NOT_MAPPED. */
function mapped(map: FanMap, address: Ipv4, line?: number): Ipv4 {
  if (contains(map.overlay, address) || contains(map.underlay, address)) return address
  throw new FanError('ADDRESS_NOT_MAPPED', {
    address: formatAddress(address),
    overlay: formatPrefix(map.overlay),
    underlay: formatPrefix(map.underlay),
    ...(line !== undefined && { line }),
  })
}

function rowOf(map: FanMap, address: Ipv4, unusable: Map<Ipv4, string>): MappedAddress {
  const isOverlay = contains(map.overlay, address)
  const host = isOverlay ? ownerOf(map, address) : address
  const role = unusableRoleOf(map, host)
  if (role) unusable.set(host, role)
  return { address, side: isOverlay ? 'overlay' : 'underlay', host, slice: sliceOf(map, host) }
}

function warningsOf(unusable: ReadonlyMap<Ipv4, string>): string[] {
  return [...unusable].map(
    ([host, role]) => `no host can have ${formatAddress(host)}: it is the ${role} address of its underlay`,
  )
}

/** Waits where the reader is slower than we are. */
function write(output: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(text, (error) => (error ? reject(error) : resolve()))
  })
}
