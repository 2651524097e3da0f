/** What root runs is what the system has, whatever is in the working folder and in the environment. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { labFolder } from '../namespaces.js'
import { oneHost } from '../one-host.js'
import { standingIn } from '../stand-ins.js'
import { labTypes } from '../types.js'

const up = ['up', '-o', '250.0.0.0/8', '-u', '10.0.0.0/16', '--type', labTypes()[0] ?? 'vxlan', '--dhcp']

describe('a program of the working folder is not run', () => {
  test.each<[title: string, words: readonly string[]]>([
    ['without PATH', ['-u', 'PATH']],
    ['with an empty place in PATH', ['PATH=:/usr/bin:/bin']],
    ['with a relative place in PATH', ['PATH=.:bin:/usr/bin:/bin']],
  ])('%s', async (_, environment) => {
    const host = await oneHost()
    const folder = join(labFolder, `${host.name}-cwd`)
    mkdirSync(join(folder, 'bin'), { recursive: true })
    for (const name of ['nft', 'dnsmasq', 'bin/nft', 'bin/dnsmasq'])
      writeFileSync(join(folder, name), `#!/bin/sh\necho "$0" >>${folder}/ran\nexec /usr/sbin/\${0##*/} "$@"\n`, {
        mode: 0o755,
      })
    const words = ['env', `--chdir=${folder}`, ...environment, process.execPath, resolve('bin/fanctl'), ...up]
    const { status } = await host.run(words)
    const ran = existsSync(`${folder}/ran`) ? readFileSync(`${folder}/ran`, 'utf8') : ''
    rmSync(folder, { recursive: true })
    expect({ status, ran }).toEqual({ status: 0, ran: '' })
  })
})

test('a program gets no other environment than a path and a language, and no working folder', async () => {
  const host = await oneHost()
  const file = join(labFolder, 'environment')
  const options = standingIn('dnsmasq', `tr '\\0' '\\n' </proc/$$/environ >${file}; pwd >>${file}`)
  const environment = {
    ...options.environment,
    LD_LIBRARY_PATH: labFolder,
    HOSTALIASES: '/etc/passwd',
    LANG: 'de_DE.UTF-8',
  }
  expect((await host.fanctl(up, { environment })).status).toBe(0)
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  expect(lines.filter((line) => !/^(?:PATH|LC_ALL)=/.test(line))).toEqual(['/'])
})
