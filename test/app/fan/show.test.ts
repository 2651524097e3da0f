import { expect, test } from 'vitest'
import { unseenBy } from '../../../src/app/fan/show.js'

test.each([
  [true, true, []],
  [false, true, [expect.stringMatching(/root.*firewall/)]],
  [true, false, [expect.stringMatching(/hidepid.*dnsmasq/)]],
  [false, false, [expect.stringContaining('firewall'), expect.stringContaining('dnsmasq')]],
])('a process says what it may not look at: root %s, processes seen %s', (privileged, seesProcesses, warnings) => {
  expect(unseenBy({ privileged, seesProcesses })).toEqual(warnings)
})
