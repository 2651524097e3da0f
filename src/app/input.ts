/** The text that a person names: a file, or standard input. */
import type { Readable } from 'node:stream'
import type { Files } from './ports/files.js'

/** In characters. No file that fanctl reads is nearly as long. */
const longestInput = 16 * 1024 * 1024

/** `-` is standard input, of which no more is read than any file should have. Throws FILE_UNUSABLE. */
export async function readInput(files: Files, path: string, input: Readable): Promise<string> {
  if (path !== '-') return files.readNamed(path)
  let text = ''
  for await (const chunk of input.setEncoding('utf8')) {
    text += chunk
    if (text.length > longestInput) break
  }
  return text
}
