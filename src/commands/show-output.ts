/** The fans of a host as tables: a narrow one for scripts and a wide one for people. */
import { readOverlay } from '../config/values.js'
import { defaultBridge } from '../core/fan.js'
import { dropNames, dropReasons } from '../core/firewall/drops.js'
import type { ShowView } from '../results/show.js'
import { type Colour, type Paint, plain } from './colour.js'
import { printTable } from './output.js'

type ShownFan = ShowView['fans'][number]
type BrokenFan = ShowView['broken'][number]
type Tables = Pick<ShowView, 'fans' | 'broken'>

const colours: Readonly<Record<string, Colour>> = { up: 'green', drift: 'yellow', broken: 'red' }

/** Scripts read these columns by position and width, as ubuntu-fan prints them. */
export function narrowTable({ fans, broken }: Tables, paint: Paint = plain): string {
  const rows = [
    ['Bridge', 'Underlay', 'Overlay', 'Flags'],
    ...fans.map((fan) => [fan.bridge, fan.underlay, fan.overlay, flagsOf(fan)]),
    ...broken
      .map(brokenRow)
      .map(([bridge, underlay, overlay, state]) => [...[bridge, underlay, overlay], paint(colours['broken'], state)]),
  ]
  return rows
    .map(([bridge = '', underlay = '', overlay = '', flags = '']) =>
      `${bridge.padEnd(16)} ${underlay.padEnd(20)} ${overlay.padEnd(20)} ${flags}`.trimEnd(),
    )
    .join('\n')
}

/** What is not as it is without flags, in the words of ubuntu-fan. */
function flagsOf(fan: ShownFan): string {
  return [
    ...(fan.dhcp ? ['dhcp'] : []),
    ...(fan.bridge === defaultBridge(readOverlay('the overlay', fan.overlay)) ? [] : [`bridge=${fan.bridge}`]),
    ...(fan.hostReserve === 1 ? [] : [`host-reserve ${fan.hostReserve}`]),
    ...(fan.nat ? [] : ['no-nat']),
    ...(fan.enable ? ['enable'] : []),
  ].join(' ')
}

/** The beginning of its row; nobody knows more. */
function brokenRow({ bridge, underlay, overlay }: BrokenFan): [string, string, string, string] {
  return [bridge, underlay ?? '-', overlay ?? '-', 'broken']
}

/** Why fans are broken, and what to do about each. */
export function brokenLines({ broken }: Pick<Tables, 'broken'>): string[] {
  return broken.map(
    ({ bridge, error }) => `${bridge} is broken: ${error.message}${error.hint ? `; ${error.hint}` : ''}`,
  )
}

/** Everything about each fan, then why it is steered so, then what has drifted and what repairs it. */
export function wideTable({ fans, broken }: Tables, paint: Paint = plain): string {
  const heading = [
    ...'Bridge Underlay Overlay Flags Type Steering Tunnel Slice MTU Leases'.split(' '),
    ...'Sent Delivered Spoofed Misdirected Off-map'.split(' '),
    ...dropReasons.map((reason) => dropNames[reason]),
    'State',
  ]
  const rows = fans.map((fan) => {
    const { sent, delivered, spoofed, misdirected, offMap } = fan.counters ?? {}
    return [
      ...[
        fan.bridge,
        fan.underlay,
        fan.overlay,
        flagsOf(fan),
        fan.type,
        fan.steering,
        fan.tunnel ?? '-',
        fan.slice,
        `${fan.mtu}`,
        fan.leases ? `${fan.leases.lent} of ${fan.leases.of}` : '-',
      ],
      ...[sent, delivered, spoofed, misdirected, offMap, ...dropReasons.map((reason) => fan.drops?.[reason])].map(
        (count) => `${count ?? '-'}`,
      ),
      fan.state,
    ]
  })
  const others = broken.map((one) => [...brokenRow(one), ...Array<string>(heading.length - 5).fill('-'), 'broken'])
  const reasons = fans.map((fan) => `${fan.bridge} uses ${fan.steering} steering: ${fan.steeringReason}`)
  const details = fans.flatMap((fan) => fan.drift.map((line) => `${fan.bridge} has drifted; to repair: ${line}`))
  const full = fans.flatMap(({ bridge, leases }) =>
    leases && leases.lent >= leases.of ? `${bridge} has no free DHCP address: all ${leases.of} are leased` : [],
  )
  const table = printTable([heading, ...rows, ...others], (state) => paint(colours[state], state))
  return [table, ...reasons, ...full, ...details].join('\n')
}
