import { describe, expect, test } from 'vitest'
import { askNetworks, askWhich, type Terminal } from '../../../src/commands/fanatic/dialogue.js'
import { networksOf } from '../../../src/config/networks.js'
import { type FanNetworks, fanNetworks } from '../../../src/core/networks.js'
import { prefix } from '../../app/fan/requests.js'

/** A person who gives these answers and then goes. */
function person(...answers: string[]): Terminal & { readonly heard: string[] } {
  const heard: string[] = []
  return {
    heard,
    ask: async (question) => {
      heard.push(question)
      return answers.shift()
    },
    say: (text) => {
      heard.push(text)
    },
  }
}

const suggestion = { underlay: prefix('10.2.0.0/16'), overlay: prefix('250.0.0.0/8') }
const ask = (name: string, proposal: string) =>
  `Reconfigure fan ${name} (hit return to accept, or specify alternative) [${proposal}]: `

describe('configure', () => {
  test('takes what it proposes', async () => {
    const terminal = person('', '')
    expect(networksOf((await askNetworks(terminal, suggestion)) as FanNetworks)).toBe('10.2.0.0/16 250.0.0.0/8')
    expect(terminal.heard).toEqual([ask('underlay', '10.2.0.0/16'), ask('overlay', '250.0.0.0/8')])
  })

  test('asks again for what is wrong, and for both where they make no fan', async () => {
    const terminal = person('10.300.0.0/16', ' eth0/24 ', '251', '10.0.0.0/16', '10.0.0.0/8', '', '252')
    expect(networksOf((await askNetworks(terminal, suggestion)) as FanNetworks)).toBe('eth0/24 251.0.0.0/8')
    expect(terminal.heard[1]).toMatch(/^the underlay has a number above 255/)
    expect(networksOf((await askNetworks(terminal, suggestion)) as FanNetworks)).toBe('10.2.0.0/16 252.0.0.0/8')
    expect(terminal.heard.join('\n')).toContain('overlaps the underlay')
  })

  test('proposes nothing where it knows nothing, and takes nothing then', async () => {
    const terminal = person('', '10.0.0.0/16', '250')
    const networks = await askNetworks(terminal, { underlay: undefined, overlay: undefined })
    expect(networksOf(networks as FanNetworks)).toBe('10.0.0.0/16 250.0.0.0/8')
    expect(terminal.heard).toEqual([
      ask('underlay', ''),
      'the underlay is empty\n  give the underlay a value',
      ask('underlay', ''),
      ask('overlay', ''),
    ])
  })

  test.each([[[]], [['']], [['nonsense/']]])('ends when there is no more input: %j', async (answers) => {
    expect(await askNetworks(person(...answers), suggestion)).toBeUndefined()
  })
})

test('deconfigure takes away what is answered with yes', async () => {
  const rows = ['250.0.0.0/8', '251.0.0.0/8', '252.0.0.0/8', '253.0.0.0/8'].map((overlay) => ({
    networks: fanNetworks({ overlay: prefix(overlay), underlay: { kind: 'default', length: 16 } }),
    isUp: true,
    bridge: 'fan',
  }))
  const terminal = person('', 'Yes', 'y')
  expect((await askWhich(terminal, rows)).map(networksOf)).toEqual(['default/16 251.0.0.0/8', 'default/16 252.0.0.0/8'])
  expect(terminal.heard[0]).toBe('Remove the fan 250.0.0.0/8 over default/16 on fan? [y/N]: ')
})
