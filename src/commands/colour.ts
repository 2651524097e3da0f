/** Words in colour, for terminals. What they are made of has been cleaned before: see terminal.ts, which alone writes them. */

const start = '\u001b['
const codes = { red: 31, green: 32, yellow: 33 }
const usual = 39
export type Colour = keyof typeof codes

/** Gives a text as it is to be written, in a colour or in none. */
export type Paint = (colour: Colour | undefined, text: string) => string

export const plain: Paint = (_, text) => text
export const coloured: Paint = (colour, text) => (colour ? `${start}${codes[colour]}m${text}${start}${usual}m` : text)

/** All that `coloured` puts into a text. */
export const paintedBy = new RegExp(`(\u001b\\[(?:${[...Object.values(codes), usual].join('|')})m)`)

/**
 * Whether what is written there is to be in colour: NO_COLOR (no-color.org) says no, FORCE_COLOR (force-color.org) yes,
 * also in a pipe; otherwise terminals have colours, but dumb ones.
 */
export function hasColours(
  { isTTY }: { readonly isTTY?: boolean | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const { NO_COLOR: no = '', FORCE_COLOR: force = '', TERM: terminal } = environment
  if (no !== '') return false
  if (force !== '') return force !== '0' && force !== 'false'
  return isTTY === true && terminal !== 'dumb'
}
