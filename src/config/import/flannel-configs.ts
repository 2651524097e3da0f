/**
 * flannel's configurations in a text: JSON as in etcd or net-conf.json, or the ConfigMap of Kubernetes that has it in it,
 * alone or among all else that flannel's manifest has.
 */
import * as z from 'zod/mini'
import { readDocuments } from './documents.js'
import { hasShape, readShape, scalar } from './shape.js'

const optional = z.optional(scalar)
const backend = z.looseObject({
  Type: optional,
  VNI: optional,
  Port: optional,
  MTU: optional,
  DirectRouting: optional,
})
const config = z.looseObject({
  Network: optional,
  IPv6Network: optional,
  SubnetLen: optional,
  Backend: z.optional(backend),
})

/** Every value is the text that was written. */
export type Config = z.output<typeof config>
export type Backend = z.output<typeof backend>

const fileName = 'net-conf.json'
const configMap = z.looseObject({ data: z.looseObject({ [fileName]: scalar }) })

/** What tells a configuration of flannel from others. */
const ownKeys = ['Network', 'IPv6Network', 'SubnetLen', 'Backend', 'EnableIPv4', 'EnableIPv6']

export function hasConfigs(documents: readonly unknown[]): boolean {
  return documents.some((one) => hasShape(configMap, one) || isConfig(one))
}

/** Throws IMPORT_MALFORMED or IMPORT_UNKNOWN. */
export function configsIn(documents: readonly unknown[]): Config[] {
  return documents
    .flatMap((one) => (hasShape(configMap, one) ? readDocuments(one.data[fileName] ?? '', fileName) : [one]))
    .filter(isConfig)
    .map((one) => readShape(config, one, "flannel's configuration"))
}

function isConfig(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ownKeys.some((key) => Object.hasOwn(value, key))
}
