import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { readAddress, readNumber } from '../config/values.js'
import { type TraceView, viewTrace } from '../results/trace.js'
import { FanCommand } from './base.js'
import { overwriteLine } from './terminal.js'
import { printTrace } from './trace-output.js'

/** So that the whole of it stays bounded: ping is ended after 20 seconds. */
const most = 5

export class Trace extends FanCommand {
  static override summary = 'Trace a packet to an address: who owns it, which path it takes, and where it stops.'
  static override description =
    'The address may be in an overlay or an underlay. Pings the owner, its gateway and the address itself, with small and with full-size packets; for an address on this host, names the container, its lease and its port. Changes nothing. Only the counters and the firewall need root. Exits with 0 if the address answers and full-size packets arrive (with --no-probe, if nothing on this host stops a packet), otherwise with 1.'
  static override usage = 'trace ADDRESS [--no-probe] [--count N] [--timeout SECONDS]'
  static override examples = [
    '<%= config.bin %> trace 250.7.8.9',
    {
      command: '<%= config.bin %> trace 10.0.7.8 --no-probe',
      description: 'Arithmetic and routes only; send nothing.',
    },
  ]
  static override args = { address: Args.string({ required: true, description: 'address of a container or a host' }) }
  static override flags = {
    probe: Flags.boolean({ description: 'send pings; default: on', allowNo: true, default: true }),
    count: Flags.string({ description: 'pings per probe', default: '2', helpValue: 'N' }),
    timeout: Flags.string({ description: 'seconds to wait for each answer', default: '1', helpValue: 'SECONDS' }),
  }

  async run(): Promise<TraceView> {
    const { args, flags } = await this.parse(Trace)
    const address = readAddress('the address', args.address)
    const options = {
      probe: flags.probe,
      count: readNumber('--count', flags.count, 1, most),
      seconds: readNumber('--timeout', flags.timeout, 1, most),
      ...(process.stderr.isTTY && { progress }),
    }
    const { trace } = await import('../app/trace/trace.js')
    const view = viewTrace(await this.withMachine((machine) => trace(machine, machine.lookups, address, options)))
    if (options.progress) progress('')
    this.printWarnings(view.warnings)
    this.print(view, printTrace)
    if (!view.complete) process.exitCode = 1
    return view
  }
}

function progress(text: string): void {
  overwriteLine(process.stderr, text)
}
