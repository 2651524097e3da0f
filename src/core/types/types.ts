/** All types of fans. A new one is a file beside this and a line here. */
import { ipip } from './ipip.js'
import type { FanType, TypeOptions } from './type.js'
import { vxlan } from './vxlan/vxlan.js'

/** In the order in which people read them. */
export const types = {
  ipip,
  vxlan,
} as const satisfies Readonly<Record<string, FanType>>

export type TypeName = keyof typeof types
export const typeNames = Object.keys(types) as TypeName[]

/** The options that only some types have. */
export const typeOptions: readonly (keyof TypeOptions)[] = [
  ...new Set(Object.values(types).flatMap(({ options }) => options)),
]

/** The types that have an option. */
export function typesWith(option: keyof TypeOptions): TypeName[] {
  return typeNames.filter((name) => types[name].options.includes(option))
}

/** What to use where the kernel cannot make links of a kind for want of a module. */
export function withoutModule(kind: string): { instead?: string } {
  const tunnels = Object.values(types).flatMap(({ tunnel }) => tunnel ?? [])
  const instead = tunnels.find((tunnel) => tunnel.kind === kind)?.withoutModule
  return instead === undefined ? {} : { instead }
}

/** Names of links that fans of a type share. */
export const sharedTunnels: readonly string[] = Object.values(types).flatMap(({ tunnel }) => tunnel?.shared?.name ?? [])
