import { setFlagsFromString } from 'node:v8'
import * as Flags from '@oclif/core/flags'
import type { Event } from '../app/monitor/report.js'
import { readNumber } from '../config/values.js'
import { hear, untilSignal } from '../linux/signals.js'
import { FanCommand, openFiles } from './base.js'
import { jsonLine, textLine } from './monitor-output.js'
import { writePainted } from './terminal.js'

/** Seconds. Nothing is looked at more often without a reason, and a day is more than anybody needs. */
const shortestInterval = 30
const longestInterval = 86_400
/** The metrics have counters in them, of which no event tells. */
const metricsInterval = '60'

export class Monitor extends FanCommand {
  static override summary = "Watch this host's fans and repair them."
  static override description =
    "Listens for kernel events: a link, route, filter, address, rule or DHCP server that goes missing is put back; a fan follows its underlay's address and MTU. Each repair is reported in one line. A fan of /etc/network/fan whose underlay was missing comes up as soon as that is there. Sleeps while nothing happens; SIGHUP makes it check everything again."
  static override usage = 'monitor [--once] [--metrics FILE] [--interval SECONDS] [--json]'
  static override examples = [
    '<%= config.bin %> monitor',
    {
      command: '<%= config.bin %> monitor --metrics /var/lib/prometheus/node-exporter/fanctl.prom',
      description: "For node_exporter's textfile collector.",
    },
    { command: '<%= config.bin %> monitor --once', description: 'Check and repair once, for example from a timer.' },
  ]
  static override flags = {
    once: Flags.boolean({
      description: 'check once, repair what differs, and exit: with 1 if something cannot be repaired',
    }),
    metrics: Flags.string({ description: 'write Prometheus metrics to this file', helpValue: 'FILE' }),
    interval: Flags.string({
      description: `also check at this interval, at least ${shortestInterval}; default: only after events, or ${metricsInterval} with --metrics`,
      helpValue: 'SECONDS',
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Monitor)
    const interval = flags.interval ?? (flags.metrics === undefined ? undefined : metricsInterval)
    const files = await openFiles()
    const options = {
      say: this.jsonEnabled() ? sayJson : sayText,
      ...(flags.metrics !== undefined && { metrics: { path: flags.metrics, files } }),
      ...(interval !== undefined && {
        interval: 1000 * readNumber('--interval', interval, shortestInterval, longestInterval),
      }),
    }
    const { readFanFile } = await import('../app/config/fan-file.js')
    const { isEnabled } = await import('../config/fan-file.js')
    const waiting = readFanFile(files)
      .lines.filter(isEnabled)
      .map(({ request }) => request)
    const { Monitor: Implementation, monitorOnce } = await import('../app/monitor/monitor.js')
    await this.withMachine(async (machine) => {
      if (flags.once) {
        const isWell = await untilSignal((signal) => monitorOnce(machine, options, signal))
        if (!isWell) process.exitCode = 1
        return
      }
      keepHeapSmall()
      const monitor = new Implementation(machine, { ...options, waiting })
      hear((signal) => (signal === 'SIGHUP' ? monitor.lookAgain() : monitor.stop(signal)))
      await monitor.run()
    })
  }

  /** An error is a line, too. */
  protected override logJson(value: unknown): void {
    process.stdout.write(`${JSON.stringify(value)}\n`)
  }
}

/**
 * V8 doubles the place for young objects whenever many are alive, to 32 MB, with Node 24 to 128, and does not take it back
 * while there are events. A monitor has little alive, and runs for months.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}

function sayJson(event: Event): void {
  process.stdout.write(jsonLine(event, new Date()))
}

function sayText(event: Event): void {
  writePainted(process.stdout, (paint) => textLine(event, process.env, paint))
}
