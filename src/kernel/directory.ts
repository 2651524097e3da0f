/** Which link has which number: the kernel speaks of numbers, and everybody else of names. */

export class Directory {
  #names: ReadonlyMap<number, string> = new Map()

  /** With each list of all links. */
  refresh(links: readonly { readonly index: number; readonly name: string }[]): void {
    this.#names = new Map(links.map(({ index, name }) => [index, name]))
  }

  /** The name by which a link was last listed; empty for one that is not there, such as that of an unreachable route. */
  nameOf(index: number): string {
    return this.#names.get(index) ?? ''
  }
}
