import { beforeAll, describe, expect, test } from 'vitest'
import { fanctl, fanctlMany, freshFolders, type Outcome } from './fanctl.js'

const pair = ['250.0.0.0/8', '10.0.0.0/16']

async function mapJson(...words: string[]) {
  const { status, stdout, stderr } = await fanctl(['map', ...words, '--json'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout) as { addresses: Record<string, unknown>[]; warnings: string[] }
}

describe.concurrent('fanctl map', () => {
  test('gives the slice, the gateway and the pool of a host', async () => {
    expect(await mapJson('250.0.0.0/8', '10.0.3.4/16')).toEqual({
      format: 1,
      overlay: '250.0.0.0/8',
      underlay: '10.0.0.0/16',
      hosts: 65_536,
      addressesPerHost: 253,
      sliceLength: 24,
      addresses: [
        {
          address: '10.0.3.4',
          side: 'underlay',
          host: '10.0.3.4',
          slice: '250.3.4.0/24',
          gateway: '250.3.4.1',
          pool: { first: '250.3.4.2', last: '250.3.4.254' },
        },
      ],
      warnings: [],
    })
  })

  test('gives the host of a container', async () => {
    const { addresses } = await mapJson(...pair, '250.7.8.9')
    expect(addresses).toMatchObject([{ side: 'overlay', host: '10.0.7.8', slice: '250.7.8.0/24' }])
  })

  test('keeps the order of several addresses, after the one that the underlay is given with', async () => {
    const { addresses } = await mapJson('250.0.0.0/8', '10.0.3.4/16', '250.7.8.9', '10.0.1.2', '250.7.8.9')
    expect(addresses.map(({ address }) => address)).toEqual(['10.0.3.4', '250.7.8.9', '10.0.1.2', '250.7.8.9'])
  })

  test('shows the bits of both networks and one row an address', async () => {
    const { status, stdout, stderr } = await fanctl(['map', ...pair, '250.7.8.9', '10.0.255.254'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.split('\n').map((line) => line.trimEnd())).toEqual([
      'overlay   250.0.0.0/8          11111010.hhhhhhhh.hhhhhhhh.cccccccc',
      'underlay  10.0.0.0/16          00001010.00000000.hhhhhhhh.hhhhhhhh',
      '                               h: host, c: container',
      '65536 hosts, each with a /24 slice: 253 addresses for containers',
      '',
      'Address         Side      Host            Slice               Gateway          Pool',
      '250.7.8.9       overlay   10.0.7.8        250.7.8.0/24        250.7.8.1        250.7.8.2 to 250.7.8.254',
      '10.0.255.254    underlay  10.0.255.254    250.255.254.0/24    250.255.254.1    250.255.254.2 to 250.255.254.254',
      '',
    ])
  })

  test('prints no table where there is no address', async () => {
    const { stdout } = await fanctl(['map', ...pair])
    expect(stdout).not.toContain('Address')
    expect((await mapJson(...pair)).addresses).toEqual([])
  })

  test.each([
    { address: '10.0.0.0', host: '10.0.0.0', role: 'network' },
    { address: '10.0.255.255', host: '10.0.255.255', role: 'broadcast' },
    { address: '250.0.0.7', host: '10.0.0.0', role: 'network' },
    { address: '250.255.255.7', host: '10.0.255.255', role: 'broadcast' },
  ])('warns that no host can have $host, when asked for $address', async ({ address, host, role }) => {
    const { warnings } = await mapJson(...pair, '10.0.0.1', address, address)
    expect(warnings).toEqual([expect.stringContaining(`no host can have ${host}: it is the ${role} address`)])
    const { status, stderr } = await fanctl(['map', ...pair, address])
    expect(status).toBe(0)
    expect(stderr).toContain(`fanctl: warning: no host can have ${host}: it is the ${role} address`)
  })
})

const refusals = [
  { code: 'OPTION_MISSING', words: [] },
  { code: 'OPTION_MISSING', words: ['250.0.0.0/8'] },
  { code: 'INPUT_TWICE', words: [...pair, '-', '-'] },
  { code: 'VALUE_EMPTY', words: ['250.0.0.0/8', ''] },
  { code: 'OVERLAY_HOST_BITS', words: ['250.1.0.0/8', '10.0.0.0/16'] },
  { code: 'OVERLAY_NOT_WIDER', words: ['10.0.0.0/16', '250.0.0.0/8'] },
  { code: 'SLICE_TOO_SMALL', words: ['250.0.0.0/15', '10.0.0.0/16'] },
  { code: 'OVERLAY_RESERVED', words: ['127.0.0.0/8', '10.0.0.0/16'] },
  { code: 'OVERLAY_ON_UNDERLAY', words: ['10.0.0.0/8', '10.0.0.0/16'] },
  { code: 'ADDRESS_NOT_MAPPED', words: [...pair, '11.0.0.1'] },
  { code: 'PREFIX_LENGTH_MISSING', words: ['250.0.0.0', '10.0.0.0/16'] },
  { code: 'PREFIX_LENGTH_INVALID', words: ['250.0.0.0/33', '10.0.0.0/16'] },
  { code: 'OCTET_OUT_OF_RANGE', words: ['256.0.0.0/8', '10.0.0.0/16'] },
  { code: 'LEADING_ZERO', words: ['250.0.0.0/8', '10.0.0.010/16'] },
  { code: 'IPV6_UNSUPPORTED', words: ['fd00::/8', '10.0.0.0/16'] },
  { code: 'ADDRESS_MALFORMED', words: [...pair, '-1'] },
]

describe('fanctl map refuses', () => {
  let outcomes: Outcome[] = []

  beforeAll(async () => {
    const lines = refusals.map(({ words }) => ['map', ...words])
    outcomes = await fanctlMany(lines, freshFolders())
  })

  test.each(refusals.map((one, index) => ({ ...one, index })))('$words with $code', ({ code, index }) => {
    const { status, stderr } = outcomes[index] ?? {}
    expect(status).toBe(2)
    expect(stderr).toMatch(new RegExp(`^fanctl: [^\\n]+\\n(?:  [^\\n]+\\n)?  \\(${code}\\)\\n$`))
  })
})
