import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatAddress } from '../../src/core/ipv4.js'
import { readLeases, setAside } from '../../src/services/lease-files.js'
import { address } from '../core/support.js'
import { temporaryFolder } from './temporary-folder.js'

const folder = temporaryFolder('leases')

const path = () => join(folder(), 'fan-250.leases')
const beside = () => `${path()}.aside`
const poolOf = (slice: string) => ({ first: address(`${slice}.2`), last: address(`${slice}.254`) })
/** 2033: none of them ends while the test runs. */
const lease = (host: string) => `2000000000 02:00:00:00:00:${host.slice(-2)} ${host} name *`
const addressesIn = (file: string) => readLeases(file).map((one) => formatAddress(one.address))

test('there are none where there is no file', () => {
  expect(readLeases(path())).toEqual([])
})

test('leases of another slice are set aside, and come back with it', () => {
  writeFileSync(path(), `${lease('250.3.4.17')}\n`)
  setAside(path(), poolOf('250.7.8'))
  expect(addressesIn(path())).toEqual([])
  expect(addressesIn(beside())).toEqual(['250.3.4.17'])
  setAside(path(), poolOf('250.3.4'))
  expect(addressesIn(path())).toEqual(['250.3.4.17'])
  expect(readdirSync(folder())).toEqual(['fan-250.leases'])
})

test('leases of the pool stay, to the byte', () => {
  const text = `${lease('250.3.4.17')}\n${lease('250.3.4.18')}\n`
  writeFileSync(path(), text)
  setAside(path(), poolOf('250.3.4'))
  expect(readFileSync(path(), 'utf8')).toBe(text)
  expect(readdirSync(folder())).toEqual(['fan-250.leases'])
})

test('what is set aside and cannot be read keeps no server from starting', () => {
  writeFileSync(path(), `${lease('250.3.4.17')}\n`)
  rmSync(beside(), { force: true })
  writeFileSync(beside(), '\u0000not a lease\n')
  setAside(path(), poolOf('250.3.4'))
  expect(addressesIn(path())).toEqual(['250.3.4.17'])
})
