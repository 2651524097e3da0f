import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { fanctl } from './fanctl.js'

interface Mapped {
  readonly addresses: { readonly address: string; readonly host: string }[]
  readonly error?: { readonly code: string; readonly message: string; readonly exitCode: number }
}

const words = ['map', '250.0.0.0/8', '10.0.0.0/16', '-']
const program = fileURLToPath(new URL('../../bin/fanctl', import.meta.url))

/** 250.0.0.0, 250.0.1.0 and so on: container addresses of the first hosts. */
const addresses = (count: number) =>
  Array.from({ length: count }, (_, host) => `250.${Math.floor(host / 256)}.${host % 256}.9`)

async function mapLines(input: string) {
  const { status, stdout } = await fanctl([...words, '--json'], { input })
  return { status, mapped: JSON.parse(stdout) as Mapped }
}

describe.concurrent('fanctl map with addresses on standard input', () => {
  test('maps 10,000 lines, each to its host, in order', async () => {
    const { status, mapped } = await mapLines(addresses(10_000).join('\n'))
    expect(status).toBe(0)
    expect(mapped.addresses.map(({ address }) => address)).toEqual(addresses(10_000))
    expect(mapped.addresses.map(({ host }) => host)).toEqual(
      Array.from({ length: 10_000 }, (_, host) => `10.0.${Math.floor(host / 256)}.${host % 256}`),
    )
  })

  test.each([
    { form: 'blank lines', input: '\n\n10.0.0.1\n\n  \n10.0.0.2\n\n' },
    { form: 'CRLF line ends', input: '10.0.0.1\r\n\r\n10.0.0.2\r\n' },
    { form: 'spaces and tabs around addresses', input: ' 10.0.0.1\t\n\t10.0.0.2 ' },
    { form: 'a byte order mark', input: '\ufeff10.0.0.1\n10.0.0.2\n' },
  ])('accepts $form', async ({ input }) => {
    const { status, mapped } = await mapLines(input)
    expect(status).toBe(0)
    expect(mapped.addresses.map(({ address }) => address)).toEqual(['10.0.0.1', '10.0.0.2'])
  })

  test('maps nothing where there is no line', async () => {
    expect(await mapLines('')).toMatchObject({ status: 0, mapped: { addresses: [], warnings: [] } })
  })

  test.each([
    { line: 'nonsense', code: 'ADDRESS_MALFORMED' },
    { line: '# a comment', code: 'ADDRESS_MALFORMED' },
    { line: '10.0.0.1/16', code: 'ADDRESS_MALFORMED' },
    { line: '10.0.0.256', code: 'OCTET_OUT_OF_RANGE' },
    { line: '11.0.0.1', code: 'ADDRESS_NOT_MAPPED' },
  ])('says where the bad line $line is, after the rows before it', async ({ line, code }) => {
    const input = ['10.0.0.1', '', line, '10.0.0.2'].join('\n')
    const { status, stdout, stderr } = await fanctl(words, { input })
    expect(status).toBe(2)
    expect(stdout).toContain('10.0.0.1 ')
    expect(stdout).not.toContain('10.0.0.2 ')
    expect(stderr).toMatch(/^fanctl: line 3\b/)
    expect(stderr).toContain(`(${code})`)
  })

  test.each(['nonsense', '11.0.0.1'])('prints one whole JSON value although the line %s is bad', async (line) => {
    const { status, mapped } = await mapLines(`10.0.0.1\n10.0.0.2\n${line}\n10.0.0.3\n`)
    expect(status).toBe(2)
    expect(mapped.addresses.map(({ address }) => address)).toEqual(['10.0.0.1', '10.0.0.2'])
    expect(mapped.error).toMatchObject({ exitCode: 2, message: expect.stringContaining(line) })
  })

  test('refuses to read standard input twice', async () => {
    const { status, stdout, stderr } = await fanctl([...words, '-', '10.0.0.9'], { input: '10.0.0.1\n' })
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('(INPUT_TWICE)')
  })

  test('says nothing when the reader of its output stops early, as head does', async () => {
    const child = spawn(process.execPath, [program, ...words], { stdio: ['pipe', 'pipe', 'pipe'] })
    let complaint = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text
    })
    child.stdin.on('error', () => {})
    child.stdin.end(addresses(60_000).join('\n'))
    await once(child.stdout, 'data')
    child.stdout.destroy()
    await once(child, 'close')
    expect(complaint).toBe('')
  })
})
