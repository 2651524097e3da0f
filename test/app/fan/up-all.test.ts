import { describe, expect, test } from 'vitest'
import { down } from '../../../src/app/fan/down.js'
import { show } from '../../../src/app/fan/show.js'
import { up } from '../../../src/app/fan/up.js'
import { downAll, planUpAll, upAll } from '../../../src/app/fan/up-all.js'
import { parseFanFile } from '../../../src/config/fan-file.js'
import { viewDownAll } from '../../../src/results/down-all.js'
import { resultSchemas } from '../../../src/results/schemas.js'
import { viewUpAll } from '../../../src/results/up-all.js'
import { FakeMachine, ordinaryHost } from '../../fake/machine.js'
import { prefix, request } from './requests.js'

const here = () => new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
const file = parseFanFile(`
10.0.0.0/16 250.0.0.0/8 --dhcp --enable
251.0.0.0/8 eth9/16
252.0.0.0/8 eth0/16 off
253.0.0.0/8 eth0/16 nonsense
241.0.0.0/8 default dhcp
`)
const bridgesOf = async (machine: FakeMachine) => (await show(machine)).fans.map(({ fan }) => fan.bridge)

describe('up -a', () => {
  test('brings up every line that is enabled, whatever is wrong with others', async () => {
    const machine = here()
    const result = await upAll(machine, file)
    expect(result.done.map(({ result: { fan } }) => fan.bridge)).toEqual(['fan-250', 'fan-241'])
    expect(result.skipped.map(({ line }) => line)).toEqual([4])
    expect(result.failed.map(({ line, column, error }) => [line, column, error.code])).toEqual([
      [3, undefined, 'DEVICE_NOT_FOUND'],
      [5, 21, 'OPTION_UNKNOWN'],
    ])
    expect((await show(machine)).fans.every(({ fan, drift }) => fan.enable && drift.length === 0)).toBe(true)
    expect(resultSchemas['up-all'].parse(viewUpAll(result, '/etc/network/fan')).fans).toHaveLength(2)
  })

  test('changes nothing the second time, and its plan changes nothing ever', async () => {
    const machine = here()
    expect((await planUpAll(machine, file)).done.every(({ result }) => result.steps.length > 0)).toBe(true)
    expect(machine.asked).toEqual([])
    await upAll(machine, file)
    expect((await upAll(machine, file)).done.map(({ result }) => result.steps)).toEqual([[], []])
  })

  test('goes on after a line that fails halfway, which leaves nothing', async () => {
    const machine = here()
    machine.failure = { at: 5, done: true }
    const { done, failed } = await upAll(machine, file)
    expect(done.map(({ line }) => line.line)).toEqual([6])
    expect(failed.map(({ line, error }) => [line, error.code])).toContainEqual([2, 'STEP_FAILED'])
    expect(await bridgesOf(machine)).toEqual(['fan-241'])
  })

  test('stops when it is interrupted', async () => {
    await expect(upAll(here(), file, AbortSignal.abort('SIGTERM'))).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })
})

describe('down -a', () => {
  test('takes down what up -a brought up, and nothing else', async () => {
    const machine = here()
    await upAll(machine, file)
    await up(machine, request('254.0.0.0/8', 'eth0/16'))
    const result = await downAll(machine, { force: false, dryRun: false })
    expect(result.done.map(({ bridge }) => bridge).sort()).toEqual(['fan-241', 'fan-250'])
    expect(await bridgesOf(machine)).toEqual(['fan-254'])
    expect(resultSchemas['down-all'].parse(viewDownAll(result)).changed).toBe(true)
    await down(machine, { bridge: 'fan-254' }, { force: false })
  })

  test('goes on after a fan that is in use, and only looks when that is all that is asked for', async () => {
    const machine = here()
    await upAll(machine, file)
    const { length } = machine.asked
    expect((await downAll(machine, { force: false, dryRun: true })).done).toHaveLength(2)
    expect(machine.asked).toHaveLength(length)
    machine.change((found) => {
      const eth0 = found.links.find(({ name }) => name === 'eth0')
      if (eth0) found.links.push({ ...eth0, name: 'veth1', bridge: 'fan-241' })
    })
    const { done, failed } = await downAll(machine, { force: false, dryRun: false })
    expect(done.map(({ bridge }) => bridge)).toEqual(['fan-250'])
    expect(failed.map(({ bridge, error }) => [bridge, error.code])).toEqual([['fan-241', 'FAN_IN_USE']])
  })
})
