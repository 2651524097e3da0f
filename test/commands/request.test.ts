import { describe, expect, test } from 'vitest'
import { fanFrom, networksFrom } from '../../src/commands/request.js'

describe('a word that makes no sense here is named', () => {
  test.each(['off', 'debug', 'dhcp'])('%s beside two networks', (word) => {
    expect(() => networksFrom({}, ['250.0.0.0/8', '10.0.0.0/16', word])).toThrow(`unknown fan option "${word}"`)
  })

  test.each(['off', 'debug'])('%s beside two networks and options', (word) => {
    expect(() => fanFrom(['250.0.0.0/8', '10.0.0.0/16', 'dhcp', word])).toThrow(`unknown fan option "${word}"`)
  })
})
