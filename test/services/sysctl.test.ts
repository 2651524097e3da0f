import { expect, test } from 'vitest'
import { readSysctl, writeSysctl } from '../../src/services/sysctl.js'

test('a setting is read without its line break', () => {
  expect(readSysctl('kernel/ostype')).toBe('Linux')
})

test.each(['net/ipv4/no_such_setting', 'net/ipv4', ''])('%j is no setting', (key) => {
  expect(readSysctl(key)).toBeUndefined()
})

test('a setting that this kernel does not have cannot be set', () => {
  expect(() => writeSysctl('net/ipv4/no_such_setting', '1')).toThrow(/ENOENT|EACCES|EPERM|EROFS/)
})
