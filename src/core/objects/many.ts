/** What kinds of objects share of which there may be thousands. */

export function byKey<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T> {
  return new Map(all.map((one) => [keyOf(one), one]))
}

export function byLink<T extends { readonly link: string }>(all: readonly T[]): [link: string, ones: T[]][] {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const group = groups.get(one.link)
    if (group) group.push(one)
    else groups.set(one.link, [one])
  }
  return [...groups]
}

/** The fan that all of them are for; undefined where there are several. */
export function commonOwnerOf(all: readonly { readonly owner?: string | undefined }[]): string | undefined {
  const owners = new Set(all.map(({ owner }) => owner))
  return owners.size === 1 ? [...owners][0] : undefined
}
