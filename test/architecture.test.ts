/** Imports point downwards only (docs/architecture.md), and each library has its place. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../src', import.meta.url))

/** What each folder may import besides itself: folders below it, or parts of them, and nothing beside it. */
const below: Readonly<Record<string, readonly string[]>> = {
  'main.ts': ['commands', 'results', 'core'],
  commands: ['results', 'app', 'linux', 'config', 'core'],
  results: ['app', 'config', 'core'],
  linux: ['app/ports', 'kernel', 'services', 'config', 'dnsmasq-conf', 'core'],
  app: ['config', 'dnsmasq-conf', 'core'],
  kernel: ['dnsmasq-conf', 'core'],
  services: ['dnsmasq-conf', 'core'],
  config: ['dnsmasq-conf', 'core'],
  'dnsmasq-conf': ['core'],
  core: [],
}

/** Where a package may be imported: a folder or a file. */
const homes: Readonly<Record<string, readonly string[]>> = {
  netlink: ['kernel'],
  koffi: ['kernel'],
  zod: ['config', 'results'],
  '@oclif/core': ['commands', 'main.ts'],
  '@noble/hashes': ['core/digest.ts'],
  yaml: ['config/import/documents.ts'],
  'ip-cidr': ['config/import/networks.ts'],
}

/** What is pure imports nothing of Node, so that it runs in a browser, too. */
const pure: readonly string[] = ['core', 'dnsmasq-conf']

interface Import {
  /** Below src, as `core/plan.ts`. */
  readonly file: string
  readonly specifier: string
}

function importsIn(file: string, text: string): Import[] {
  const pattern = /(?<![-:])(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*['"]([^'"]+)['"]/g
  return [...text.matchAll(pattern)].map((match) => ({ file, specifier: match[1] ?? '' }))
}

/** Paths below a folder. Node 18.13 cannot list a folder with all that is in it. */
function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name)
    return entry.isDirectory() ? filesIn(path) : [path]
  })
}

const sources = filesIn('').filter((name) => name.endsWith('.ts'))
const imports = sources.flatMap((file) => importsIn(file, readFileSync(join(root, file), 'utf8')))

const folderOf = (file: string) => file.split('/')[0] ?? ''
const packageOf = (specifier: string) => specifier.match(/^(?:@[^/]+\/)?[^/]+/)?.[0] ?? ''

/** What is wrong with an import, as `core/plan.ts -> kernel`; undefined for nothing. */
function problemWith({ file, specifier }: Import): string | undefined {
  const from = folderOf(file)
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file), specifier)
    const isIn = (place: string) => target.startsWith(`${place}/`)
    return folderOf(target) === from || below[from]?.some(isIn) ? undefined : `${file} -> ${folderOf(target)}`
  }
  const isFree = specifier.startsWith('node:')
    ? !pure.includes(from)
    : homes[packageOf(specifier)]?.some((home) => home === from || home === file)
  return isFree ? undefined : `${file} -> ${specifier.startsWith('node:') ? specifier : packageOf(specifier)}`
}

describe('the house', () => {
  test('has the files of every folder in sight', () => {
    expect(new Set(sources.map(folderOf))).toEqual(new Set(Object.keys(below)))
    expect(imports.length).toBeGreaterThan(sources.length)
  })

  test('has no import that points upwards or sideways, and no library outside its place', () => {
    expect(imports.flatMap((one) => problemWith(one) ?? [])).toEqual([])
  })

  test('says where each of its libraries belongs', () => {
    const { dependencies } = JSON.parse(readFileSync(join(dirname(root), 'package.json'), 'utf8')) as {
      dependencies: object
    }
    expect(Object.keys(homes).sort()).toEqual(Object.keys(dependencies).sort())
  })

  test('imports what it has with the extension that Node wants', () => {
    const relatives = imports.filter(({ specifier }) => specifier.startsWith('.'))
    expect(relatives.filter(({ specifier }) => !specifier.endsWith('.js'))).toEqual([])
  })
})

describe('a forbidden import is reported', () => {
  test.each([
    ['core/plan.ts', "import { openRtnetlink } from '../kernel/socket.js'", 'core/plan.ts -> kernel'],
    ['core/steering/filters.ts', "import { up } from '../../app/up.js'", 'core/steering/filters.ts -> app'],
    ['core/plan.ts', "import { readFileSync } from 'node:fs'", 'core/plan.ts -> node:fs'],
    ['core/steering/filters.ts', "import { createHash } from 'node:crypto'", 'core/steering/filters.ts -> node:crypto'],
    ['core/plan.ts', "import { sha256 } from '@noble/hashes/sha2.js'", 'core/plan.ts -> @noble/hashes'],
    ['kernel/links.ts', "import { Dnsmasq } from '../services/dnsmasq.js'", 'kernel/links.ts -> services'],
    ['app/up.ts', "const { Up } = await import('../commands/up.js')", 'app/up.ts -> commands'],
    ['app/up.ts', "import { openRtnetlink } from '../kernel/socket.js'", 'app/up.ts -> kernel'],
    ['app/leases.ts', "import { viewLeases } from '../results/leases.js'", 'app/leases.ts -> results'],
    ['linux/observe.ts', "import { up } from '../app/fan/up.js'", 'linux/observe.ts -> app'],
    ['app/leases.ts', "import { Dnsmasq } from '../services/dnsmasq.js'", 'app/leases.ts -> services'],
    ['app/up.ts', "import koffi from 'koffi'", 'app/up.ts -> koffi'],
    ['app/up.ts', "import { Command } from '@oclif/core/command'", 'app/up.ts -> @oclif/core'],
    ['app/up.ts', "import * as z from 'zod/mini'", 'app/up.ts -> zod'],
    ['services/nft.ts', "import 'netlink/dist/raw.js'", 'services/nft.ts -> netlink'],
    ['core/plan.ts', "import ipcidr from 'ip-cidr'", 'core/plan.ts -> ip-cidr'],
    ['config/fan-line.ts', "import { parse } from 'yaml'", 'config/fan-line.ts -> yaml'],
    ['main.ts', "import { up } from './app/up.js'", 'main.ts -> app'],
    ['core/plan.ts', "import {\n  type Prefix,\n} from '../config/values.js'", 'core/plan.ts -> config'],
  ])('in %s: %s', (file, text, report) => {
    expect(importsIn(file, text).map(problemWith)).toEqual([report])
  })

  test('and an allowed one is not', () => {
    const text =
      "import { plan } from '../core/plan.js'\nimport * as z from 'zod/mini'\nimport { hash } from 'node:crypto'"
    expect(importsIn('config/record.ts', text).map(problemWith)).toEqual([undefined, undefined, undefined])
  })
})
