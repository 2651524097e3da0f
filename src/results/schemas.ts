/**
 * What the commands return with --json, as schemas by command: an object with `format: 1`, camelCase keys, addresses as
 * text. Each stands beside the view that makes it; together they are for `schemas/` and the tests. `plan` returns what
 * `up` does, `monitor` a line for each event.
 */
import { configCheckSchema } from './config-check.js'
import { configImportSchema } from './config-import.js'
import { configListSchema } from './config-list.js'
import { configSetSchema } from './config-set.js'
import { configShowSchema } from './config-show.js'
import { configShowNetworksSchema } from './config-show-networks.js'
import { downSchema } from './down.js'
import { downAllSchema } from './down-all.js'
import { downEverythingSchema } from './down-everything.js'
import { errorSchema } from './error.js'
import { leasesSchema } from './leases.js'
import { mapSchema } from './map.js'
import { monitorSchema } from './monitor.js'
import { showSchema } from './show.js'
import { traceSchema } from './trace.js'
import { upSchema } from './up.js'
import { upAllSchema } from './up-all.js'

export const resultSchemas = {
  map: mapSchema(),
  up: upSchema(),
  plan: upSchema(),
  'up-all': upAllSchema(),
  down: downSchema(),
  'down-all': downAllSchema(),
  'down-everything': downEverythingSchema(),
  show: showSchema(),
  leases: leasesSchema(),
  trace: traceSchema(),
  monitor: monitorSchema(),
  'config-list': configListSchema(),
  'config-show': configShowSchema(),
  'config-show-networks': configShowNetworksSchema(),
  'config-set': configSetSchema(),
  'config-unset': configSetSchema(),
  'config-check': configCheckSchema(),
  'config-import': configImportSchema(),
  error: errorSchema(),
}
