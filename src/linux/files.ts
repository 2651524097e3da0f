/** The files of this machine. */
import type { Files } from '../app/ports/files.js'
import type { LeaseStore } from '../app/ports/lookups.js'
import type { Paths } from '../config/paths.js'
import { Dnsmasq } from '../services/dnsmasq.js'
import { listFolder, readForEdit, readNamed, readWhole, removeFile } from '../services/files.js'
import { ensureFolder, removeUnfinished, rewriteWhole, writeWhole } from '../services/whole-files.js'

export function linuxFiles(paths: Paths): Files {
  return {
    paths,
    readWhole,
    readNamed,
    readForEdit,
    listFolder,
    writeWhole,
    rewriteWhole,
    ensureFolder,
    removeFile,
    removeUnfinished,
  }
}

/** The leases that dnsmasq has stored. Needs no kernel. */
export function storedLeases(paths: Paths): LeaseStore {
  return new Dnsmasq(paths)
}
