/** Words of command lines that a person may paste into a shell, with root's rights. */

/**
 * A name as one word. The kernel lets links have names such as `$(reboot)`, and a card that comes back from a container
 * has the name that the container gave it.
 */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text)
}

/** A text in single quotes, where a shell reads nothing but their end. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
