import { expect, test } from 'vitest'
import { pathsFrom, settingsFolder } from '../../src/config/paths.js'
import { errorOf } from '../core/support.js'

test('files are where Ubuntu has them, or where a variable says', () => {
  expect(pathsFrom({ FANCTL_CONFIG: '' })).toEqual({
    config: '/etc/network/fan',
    runtime: '/run/fanctl',
    state: '/var/lib/fanctl',
  })
  const paths = pathsFrom({ FANCTL_CONFIG: '/a/fan', FANCTL_RUNTIME_DIR: '/b', FANCTL_STATE_DIR: '/c' })
  expect(paths).toEqual({ config: '/a/fan', runtime: '/b', state: '/c' })
  expect(settingsFolder(paths)).toBe('/c/config')
})

test.each(['lib', '/x\ndhcp-script=/tmp/evil', '/a b', '/a#b'])('%j is no folder for the leases', (path) => {
  expect(errorOf(() => pathsFrom({ FANCTL_STATE_DIR: path })).code).toBe('FOLDER_INVALID')
})
