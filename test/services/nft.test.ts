import { describe, expect, test } from 'vitest'
import { droppingChainsIn } from '../../src/services/nft.js'

/** The rest of a list as nft 1.0.6 prints it, with chains as objects in it. */
const listOf = (...chains: string[]) =>
  `{"nftables": [${[
    '{"metainfo": {"version": "1.0.6", "release_name": "Lester Gooch #5", "json_schema_version": 1}}',
    ...chains.map((chain) => `{"chain": ${chain}}`),
  ].join(', ')}]}`

/** What nft printed of a host with Docker, a firewall for IPv6, one of the site's own, and one between bridge ports. */
const recorded = listOf(
  '{"family": "ip", "table": "filter", "name": "INPUT", "handle": 1, "type": "filter", "hook": "input", "prio": 0, "policy": "drop"}',
  '{"family": "ip", "table": "filter", "name": "FORWARD", "handle": 2, "type": "filter", "hook": "forward", "prio": 0, "policy": "drop"}',
  '{"family": "ip", "table": "filter", "name": "DOCKER-USER", "handle": 3}',
  '{"family": "ip6", "table": "filter", "name": "FORWARD", "handle": 1, "type": "filter", "hook": "forward", "prio": 0, "policy": "drop"}',
  '{"family": "inet", "table": "site", "name": "forward", "handle": 1, "type": "filter", "hook": "forward", "prio": 0, "policy": "drop"}',
  '{"family": "inet", "table": "site", "name": "early", "handle": 2, "type": "filter", "hook": "forward", "prio": -10, "policy": "accept"}',
  '{"family": "bridge", "table": "segments", "name": "forward", "handle": 1, "type": "filter", "hook": "forward", "prio": -200, "policy": "drop"}',
)

describe('chains that drop forwarded packets', () => {
  test('are those that do so by policy, and not for IPv6 alone', () => {
    expect(droppingChainsIn(recorded)).toEqual([
      { table: 'ip filter', chain: 'FORWARD' },
      { table: 'inet site', chain: 'forward' },
      { table: 'bridge segments', chain: 'forward' },
    ])
  })

  test.each([
    ['one that lets them through', '"hook": "forward", "policy": "accept"'],
    ['one for packets to the host itself', '"hook": "input", "policy": "drop"'],
    ['one that others jump to', '"handle": 3'],
  ])('are not %s', (_, traits) => {
    expect(droppingChainsIn(listOf(`{"family": "ip", "table": "filter", "name": "FORWARD", ${traits}}`))).toEqual([])
  })

  test('are not there where there is no chain at all', () => {
    expect(droppingChainsIn(listOf())).toEqual([])
  })
})
