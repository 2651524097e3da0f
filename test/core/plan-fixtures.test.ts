/**
 * Each folder of `plans` is a case, its name a sentence: the fans that are wanted, the fans that are found with what of
 * them is lost, and the lines of the plan. Programs and the table of the firewall are left out: other tests are about
 * those.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, describe as group, test } from 'vitest'
import { desiredState } from '../../src/core/desired.js'
import { describe } from '../../src/core/objects/objects.js'
import { plan } from '../../src/core/plan.js'
import { type Address, type Link, nothing, type State } from '../../src/core/state.js'
import { type FanText, factsFor, fan } from './support.js'

interface Found {
  readonly fans: readonly FanText[]
  /** What other programs or an accident took away. */
  readonly lost?: readonly Loss[]
}
type Loss = keyof typeof losses

const losses = {
  'ingress filters': (state: State) => ({
    ...state,
    filters: state.filters.filter((filter) => filter.direction !== 'ingress'),
  }),
  // The kernel drops the routes of a link that goes down.
  'links down': (state: State) => ({
    ...state,
    routes: [],
    neighbours: [],
    links: state.links.map((link): Link => ({ ...link, up: false })),
  }),
  'every other route and next hop': (state: State) => ({
    ...state,
    routes: state.routes.filter((_, index) => index % 2 === 0),
    neighbours: state.neighbours.filter((_, index) => index % 2 === 0),
  }),
  dnsmasq: (state: State) => ({
    ...state,
    dhcpServers: state.dhcpServers.map((server) => ({ ...server, running: false })),
  }),
  // The kernel lets go of a bridge's ports and drops its addresses; a dnsmasq runs on, and hears nothing any more.
  bridges: (state: State) => ({
    ...state,
    addresses: [],
    routes: [],
    links: state.links.flatMap((link): Link[] => {
      const { bridge: _, ...rest } = link
      return rest.kind === 'bridge' ? [] : [rest]
    }),
  }),
  'routes to the networks of addresses': (state: State) => ({
    ...state,
    addresses: state.addresses.map((address): Address => ({ ...address, isCut: true })),
  }),
  firewall: ({ firewall: _, ...state }: State): State => state,
  names: (state: State) => ({
    ...state,
    links: state.links.map((link, index): Link => ({ ...link, givenName: `x${index}` })),
  }),
}

const folder = new URL('plans/', import.meta.url)

function read<Content>(name: string, file: string): Content {
  return JSON.parse(readFileSync(new URL(`${name}/${file}`, folder), 'utf8')) as Content
}

function stateOf(texts: readonly FanText[]): State {
  if (texts.length === 0)
    return { ...nothing, sysctls: { 'net/ipv4/ip_forward': '0', 'net/ipv4/conf/all/send_redirects': '1' } }
  const fans = texts.map(fan)
  const files = texts.map((text, index): [string, string] => [`${fans[index]?.bridge}.fan.json`, JSON.stringify(text)])
  return { ...desiredState(fans, factsFor(fans)), files: Object.fromEntries(files) }
}

function linesOf(name: string): string {
  const wanted = stateOf(read<readonly FanText[]>(name, 'wanted.json'))
  const { fans, lost = [] } = read<Found>(name, 'found.json')
  const found = lost.reduce((state, loss): State => losses[loss](state), stateOf(fans))
  const lines = plan(wanted, found).flatMap(describe).join('\n')
  return lines
    .replace(/\b(fan_(?:out|in|guard))_[0-9a-f]+/g, '$1')
    .replace(/^(# load the program \w+): \d+ instructions$/gm, '$1')
    .replace(/^table inet fanctl \{$.*?^\}$/gms, 'table inet fanctl { … }')
}

const cases = readdirSync(folder)

test('there are cases to look at', () => {
  expect(cases.length).toBeGreaterThanOrEqual(9)
})

group('plans', () => {
  test.each(cases.map((name) => [name.replaceAll('-', ' '), name]))('%s', (_, name) => {
    expect(`${linesOf(name)}\n`).toBe(readFileSync(new URL(`${name}/expected.txt`, folder), 'utf8'))
  })
})
