import { beforeEach, describe, expect, test } from 'vitest'
import { setConfig } from '../../../src/app/config/change.js'
import { show } from '../../../src/app/fan/show.js'
import { disableFan, enableFan, listFans } from '../../../src/app/fanatic/fanatic.js'
import { networksOf } from '../../../src/config/networks.js'
import { readUnderlay } from '../../../src/config/values.js'
import { interruptionOf } from '../../../src/core/interruption.js'
import { type FanNetworks, fanNetworks } from '../../../src/core/networks.js'
import { FakeFiles } from '../../fake/files.js'
import { FakeMachine, ordinaryHost } from '../../fake/machine.js'
import { prefix } from '../fan/requests.js'

let files = new FakeFiles()
beforeEach(() => {
  files = new FakeFiles()
})

const at = (underlay: string, overlay = '250.0.0.0/8'): FanNetworks =>
  fanNetworks({
    overlay: prefix(overlay),
    underlay: readUnderlay('the underlay', underlay),
  })
const usual = at('10.0.0.0/16')
const here = () => new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
const text = () => files.config
const line = '10.0.0.0/16 250.0.0.0/8 --dhcp --enable\n'

describe('enabling a fan', () => {
  test('writes its line and brings it up, and the second time does neither', async () => {
    const machine = here()
    expect((await enableFan(machine, files, usual, {})).fan).toMatchObject({
      bridge: 'fan-250',
      dhcp: true,
      enable: true,
    })
    expect(text()).toBe(line)
    expect((await enableFan(machine, files, usual, {})).steps).toEqual([])
    expect(text()).toBe(line)
    expect(machine.locks).toBe(0)
  })

  test('takes options, the settings that are kept, and the line that is there', async () => {
    setConfig(files, usual, { hostReserve: 9, mtu: 1300 })
    files.config = '# mine\n250.0.0.0/8 10.0.3.4/16 mtu 1400 off # later'
    const { fan } = await enableFan(here(), files, usual, { nat: false })
    expect(fan).toMatchObject({ hostReserve: 9, mtu: 1400, nat: false, dhcp: false })
    expect(text()).toBe('# mine\n10.0.3.4/16 250.0.0.0/8 --no-nat --mtu 1400 --enable # later')
  })

  test('that fails at any step leaves the file as it was, byte for byte', async () => {
    const whole = here()
    await enableFan(whole, files, usual, {})
    for (const before of [undefined, '# mine', '250.0.0.0/8 10.0.0.0/16 off\r\n'])
      for (let step = 0; step < whole.asked.length; step += 1) {
        files.config = before
        const machine = here()
        machine.failure = { at: step, done: step % 2 === 0 }
        await expect(enableFan(machine, files, usual, { dhcp: true })).rejects.toMatchObject({ code: 'STEP_FAILED' })
        expect(text()).toBe(before)
        expect(await show(machine)).toEqual({ fans: [], broken: [] })
      }
  })

  test('that fails puts only its own line back if somebody has changed the file since', async () => {
    const machine = here()
    machine.failure = { at: 3, done: true }
    const execute = machine.execute.bind(machine)
    machine.execute = async (step) => {
      if (machine.asked.length === 1) files.config = `${line}# from another administrator\n`
      await execute(step)
    }
    await expect(enableFan(machine, files, usual, {})).rejects.toThrow('injected')
    expect(text()).toBe('# from another administrator\n')
  })

  test('writes nothing for what cannot be', async () => {
    setConfig(files, usual, { encapsulation: 'vxlan', vni: 7 })
    await expect(enableFan(here(), files, usual, { hostReserve: 254 })).rejects.toMatchObject({
      code: 'HOST_RESERVE_INVALID',
    })
    expect(text()).toBeUndefined()
  })

  test('stops when it is interrupted, and the file is as it was', async () => {
    await expect(enableFan(here(), files, usual, {}, AbortSignal.abort('SIGTERM'))).rejects.toMatchObject({
      code: 'INTERRUPTED',
    })
    expect(text()).toBeUndefined()
  })
})

describe('disabling a fan', () => {
  test('takes it down, and its line away', async () => {
    const machine = here()
    await enableFan(machine, files, usual, {})
    expect(await disableFan(machine, files, usual)).toMatchObject({ bridge: 'fan-250' })
    expect(text()).toBe('')
    expect(await show(machine)).toEqual({ fans: [], broken: [] })
    await expect(disableFan(machine, files, usual)).rejects.toMatchObject({ code: 'FAN_NOT_FOUND' })
  })

  test('knows a fan by another text for the same underlay, and no other fan', async () => {
    const machine = here()
    await enableFan(machine, files, at('eth0/16'), {})
    await expect(disableFan(machine, files, at('10.1.0.0/16'))).rejects.toMatchObject({ code: 'FAN_NOT_FOUND' })
    await expect(disableFan(machine, files, at('eth9/16'))).rejects.toMatchObject({ code: 'FAN_NOT_FOUND' })
    expect(await disableFan(machine, files, usual)).toMatchObject({ bridge: 'fan-250' })
  })

  test('turns off a line whose fan is not up', async () => {
    files.config = '250.0.0.0/8 10.0.0.0/16 bridge fan0\n'
    expect(await disableFan(here(), files, usual)).toMatchObject({ bridge: undefined })
    expect(text()).toBe('10.0.0.0/16 250.0.0.0/8 --bridge fan0 off\n')
  })

  test('ends when it is interrupted while another fanctl has the lock, and the file is as it was', async () => {
    const machine = here()
    await enableFan(machine, files, usual, {})
    machine.lock = async (signal) => {
      throw interruptionOf(signal) ?? new Error('nobody asked to stop')
    }
    await expect(disableFan(machine, files, usual, AbortSignal.abort('SIGHUP'))).rejects.toThrow('stopped by SIGHUP')
    expect(text()).toBe(line)
  })

  test('that is in use leaves the file as it was', async () => {
    const machine = here()
    await enableFan(machine, files, usual, {})
    machine.change((found) => {
      const eth0 = found.links.find(({ name }) => name === 'eth0')
      if (eth0) found.links.push({ ...eth0, name: 'veth1', bridge: 'fan-250' })
    })
    await expect(disableFan(machine, files, usual)).rejects.toMatchObject({ code: 'FAN_IN_USE' })
    expect(text()).toBe(line)
  })
})

test('the list has the lines that are not off, and fans without a line', async () => {
  const machine = here()
  await enableFan(machine, files, usual, {})
  files.config = 'eth0/16 250.0.0.0/8 --enable\n252.0.0.0/8 eth0/16 off\n251.0.0.0/8 eth0/16\nbad\n'
  const rows = async () => (await listFans(machine, files)).map(({ networks, isUp }) => [networksOf(networks), isUp])
  expect(await rows()).toEqual([
    ['eth0/16 250.0.0.0/8', true],
    ['eth0/16 251.0.0.0/8', false],
  ])
  files.config = undefined
  expect(await rows()).toEqual([['10.0.0.0/16 250.0.0.0/8', true]])
})
