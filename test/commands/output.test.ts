import { describe, expect, test } from 'vitest'
import { printFan, printPlan, printTable, printUp } from '../../src/commands/output.js'
import { viewFan } from '../../src/results/parts.js'
import { fan } from '../core/support.js'

const plain = viewFan(fan(), 1480)

describe('what up says', () => {
  test('of a fan that has come up, or was changed', () => {
    expect(printUp(plain, true)).toBe(
      'fan-250 is up\n  slice 250.3.4.0/24 of 250.0.0.0/8 over 10.0.3.4/16, ipip, MTU 1480',
    )
  })

  test('of a fan that was up: nothing has changed', () => {
    expect(printUp(plain, false).split('\n')[0]).toBe('fan-250 is already up; nothing was changed')
  })

  test('of DHCP: which addresses', () => {
    const [, ...rest] = printUp(viewFan(fan({ dhcp: true, type: 'vxlan' }), 1450), true).split('\n')
    expect(rest).toEqual([
      '  slice 250.3.4.0/24 of 250.0.0.0/8 over 10.0.3.4/16, vxlan, MTU 1450',
      '  DHCP from 250.3.4.2 to 250.3.4.254',
    ])
  })

  test('of a request that is off: nothing', () => {
    expect(printUp(null, false)).toBe('')
  })
})

test('a plan is its command lines, and a comment where there are none', () => {
  const steps = [
    { kind: 'add-link', commands: ['ip link add fan-250 type bridge', 'ip link set fan-250 up'] },
    { kind: 'set-file', commands: ['# write fan-250.fan.json in the runtime folder'] },
  ]
  expect(printPlan(steps).split('\n')).toEqual(steps.flatMap(({ commands }) => commands))
  expect(printPlan([])).toBe('# nothing to do')
})

test('every value of a fan is a comment above its plan', () => {
  const lines = printFan(plain).split('\n')
  expect(lines).toHaveLength(Object.keys(plain).length)
  expect(lines.filter((line) => !line.startsWith('# '))).toEqual([])
  expect(lines).toContain('# pool: 250.3.4.2 to 250.3.4.254')
  expect(lines).toContain('# nat: true')
})

test('a column of a table is as wide as its longest cell, and the last one as each of its cells', () => {
  const rows = [
    ['A', 'Long', 'Last'],
    ['longer', 'b', ''],
    ['', '', 'c'],
  ]
  expect(printTable(rows)).toBe('A       Long  Last\nlonger  b\n              c')
})

test('a column stays a column, whatever is in its cells', () => {
  const rows = [
    ['Name', 'Address'],
    ['北\u0301\t\u001b[31m', '250.3.4.5'],
  ]
  expect(printTable(rows)).toBe('Name                          Address\n\\u5317\\u0301\\u0009\\u001b[31m  250.3.4.5')
})
