import * as Args from '@oclif/core/args'
import { mapAddresses } from '../app/map.js'
import { readPrefix } from '../config/values.js'
import { fanMap } from '../core/fan-map.js'
import { FanCommand } from './base.js'
import { jsonRenderer, textRenderer } from './map-output.js'

export class MapAddresses extends FanCommand {
  static override summary = 'Show who owns which address: the arithmetic of a fan, both ways.'
  static override description =
    'Needs no root and looks at nothing on this host. An address of the underlay gives its slice, one of the overlay gives its host.'
  static override examples = [
    '<%= config.bin %> map 250.0.0.0/8 10.0.3.4/16',
    '<%= config.bin %> map 250.0.0.0/8 10.0.0.0/16 250.7.8.9 10.0.1.2',
    { command: '<%= config.bin %> map 250.0.0.0/8 10.0.0.0/16 - < addresses', description: 'One address a line.' },
  ]
  static override args = {
    overlay: Args.string({ description: 'the network of the containers, such as 250.0.0.0/8' }),
    underlay: Args.string({
      description: 'the network of the hosts, such as 10.0.0.0/16; with host bits, an address, too',
    }),
    address: Args.string({ description: 'addresses of either network; "-" reads them from standard input' }),
  }
  static override strict = false

  async run(): Promise<void> {
    const { argv } = await this.parse(MapAddresses)
    const [overlayText = '', underlayText = '', ...addresses] = argv as string[]
    const overlay = readPrefix('the overlay', overlayText)
    const underlay = readPrefix('the underlay', underlayText)
    const map = fanMap(overlay, underlay)
    const render = this.jsonEnabled() ? jsonRenderer : textRenderer
    await mapAddresses({ map, underlay, addresses, input: process.stdin, output: process.stdout }, render)
  }
}
