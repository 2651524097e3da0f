/** The way to the terminal, which is one for everything: results, errors, help, and what libraries say. */
import { printable } from '../core/printable.js'
import { coloured, hasColours, type Paint, paintedBy, plain } from './colour.js'

/** From now on this stream shows what a terminal would act on. Bytes pass as they are. */
export function guard(stream: NodeJS.WriteStream): void {
  const write = stream.write.bind(stream) as (...words: unknown[]) => boolean
  const guarded = (chunk: unknown, ...rest: unknown[]) =>
    write(typeof chunk === 'string' ? printable(chunk) : chunk, ...rest)
  stream.write = guarded as typeof stream.write
}

/** Writes over the line that the cursor is in. */
export function overwriteLine(stream: NodeJS.WriteStream, text: string): void {
  stream.write(Buffer.from(`\r\u001b[K${printable(text)}`))
}

/** Writes a text with words in colour where the stream has any. All else that a terminal would act on is shown. */
export function writePainted(
  stream: NodeJS.WriteStream,
  compose: (paint: Paint) => string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): void {
  if (!hasColours(stream, environment)) {
    stream.write(compose(plain))
    return
  }
  const pieces = compose(coloured).split(paintedBy)
  stream.write(Buffer.from(pieces.map((piece, index) => (index % 2 === 1 ? piece : printable(piece))).join('')))
}
