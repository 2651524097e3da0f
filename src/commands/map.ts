import * as Args from '@oclif/core/args'
import { mapAddresses } from '../app/map.js'
import { readPrefix, usualOverlayLength } from '../config/values.js'
import { fanMap } from '../core/fan-map.js'
import { FanCommand } from './base.js'
import { jsonRenderer, textRenderer } from './map-output.js'
import { wordsOf } from './request.js'

export class MapAddresses extends FanCommand {
  static override summary = 'Show who owns which address: the arithmetic of a fan, both ways.'
  static override description =
    'Needs no root and does not inspect this host. An underlay address gives its slice, an overlay address its host.'
  static override usage = 'map OVERLAY UNDERLAY [ADDRESS...] [--json]'
  static override examples = [
    '<%= config.bin %> map 250.0.0.0/8 10.0.3.4/16',
    '<%= config.bin %> map 250.0.0.0/8 10.0.0.0/16 250.7.8.9 10.0.1.2',
    { command: '<%= config.bin %> map 250.0.0.0/8 10.0.0.0/16 - < addresses', description: 'One address per line.' },
  ]
  static override args = {
    overlay: Args.string({ required: true, description: 'the network of the containers, such as 250.0.0.0/8' }),
    underlay: Args.string({
      required: true,
      description: 'the network of the hosts, such as 10.0.0.0/16; with host bits, also an address to map',
    }),
    address: Args.string({ description: 'addresses of either network; "-" reads them from standard input' }),
  }
  static override strict = false

  async run(): Promise<void> {
    const { args, raw } = await this.parse(MapAddresses)
    const addresses = wordsOf(raw)
    const overlay = readPrefix('the overlay', args.overlay, usualOverlayLength)
    const underlay = readPrefix('the underlay', args.underlay)
    const request = { map: fanMap(overlay, underlay), underlay, addresses: addresses.slice(2) }
    const isJson = this.jsonEnabled()
    const streams = { input: process.stdin, output: process.stdout }
    const { failure, warnings } = await mapAddresses({ ...request, ...streams }, isJson ? jsonRenderer : textRenderer)
    this.printWarnings(warnings)
    if (!failure) return
    // The failure is in the JSON that is printed already.
    if (isJson) process.exitCode = failure.exitCode
    else throw failure
  }
}
