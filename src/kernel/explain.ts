/** What an error of the kernel means for the step it answers. */
import { describe } from '../core/describe.js'
import { FanError, messageOf } from '../core/errors.js'
import type { Step } from '../core/step.js'
import { SystemCallError } from './libc.js'
import { NetlinkError } from './socket.js'

/** What the kernel's refusal depends on besides the error itself. */
export interface Circumstances {
  /** The UDP port of the vxlan link that the step is about. */
  readonly port?: number | undefined
  /** Who has that port. */
  readonly holder?: string | undefined
}

/** An error to act on. Errors that are not the kernel's keep their own words. */
export function explain(step: Step, error: unknown, circumstances: Circumstances): FanError {
  if (error instanceof FanError) return error
  const lines = describe(step)
  // Of many routes, the one that the kernel refused.
  const refused = error instanceof NetlinkError ? error.request : 0
  const line =
    (refused > 0 ? lines[refused] : undefined) ?? lines.find((text) => !text.startsWith('#')) ?? lines[0] ?? step.kind
  const errno = errnoOf(error)
  const cause = { cause: error }
  const say = sentenceOf(error)
  // Root may be without the right to load programs, in a container.
  if (error instanceof SystemCallError && errno === 'EPERM')
    return new FanError('STEERING_UNAVAILABLE', { problems: [`ebpf: ${error.message}`] }, cause)
  if (errno === 'EPERM' || errno === 'EACCES') return new FanError('NOT_ROOT', { action: `run: ${line}` }, cause)
  if (step.kind === 'add-link') {
    const { kind } = step.link
    if (errno === 'EOPNOTSUPP')
      return new FanError('MODULE_MISSING', { step: line, module: kind, kind: `${kind} links` }, cause)
    if (errno === 'EEXIST' && kind === 'ipip') return new FanError('TUNNEL_CONFLICT', { step: line }, cause)
    if (errno === 'EEXIST') return new FanError('LINK_CONFLICT', { name: step.link.name, kind: 'renamed' }, cause)
    if (errno === 'EINVAL' && kind === 'vxlan')
      return new FanError(
        'KERNEL_TOO_OLD',
        { step: line, feature: 'the VNI filter of vxlan links', since: '5.18' },
        cause,
      )
  }
  // The kernel looks for a VNI in the namespace that a link was made in, wherever that link is by now.
  if (step.kind === 'add-vni' && errno === 'EEXIST')
    return new FanError('VNI_HIDDEN', { step: line, vni: step.vni }, cause)
  if (step.kind === 'set-link' && step.to.up && errno === 'EADDRINUSE')
    return new FanError(
      'PORT_TAKEN',
      { step: line, port: circumstances.port ?? 0, holder: circumstances.holder ?? 'another program' },
      cause,
    )
  if (step.kind === 'add-routes' && errno === 'EOPNOTSUPP' && step.routes[refused]?.encap)
    return new FanError('MODULE_MISSING', { step: line, module: 'ip_tunnel', kind: 'lightweight tunnels' }, cause)
  if (step.kind === 'add-clsact' && (errno === 'ENOENT' || errno === 'EOPNOTSUPP'))
    return new FanError('MODULE_MISSING', { step: line, module: 'sch_ingress', kind: 'clsact queues' }, cause)
  if (step.kind === 'add-filter' && error instanceof NetlinkError && errno === 'ENOENT')
    return new FanError('MODULE_MISSING', { step: line, module: 'cls_bpf', kind: 'bpf filters' }, cause)
  return new FanError('STEP_FAILED', { step: line, problem: say }, cause)
}

function errnoOf(error: unknown): string | undefined {
  if (error instanceof NetlinkError || error instanceof SystemCallError) return error.errnoName
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function sentenceOf(error: unknown): string {
  const message = messageOf(error)
  const meaning = meanings[errnoOf(error) ?? '']
  return meaning ? `${message}: ${meaning}` : message
}

/** The errors of this kind of work in words. */
const meanings: Readonly<Record<string, string>> = {
  EBUSY: 'it is in use',
  EEXIST: 'it already exists',
  EINVAL: 'the kernel rejects these values',
  ENETDOWN: 'the link is down',
  ENODEV: 'the link no longer exists',
  ENOENT: 'it does not exist, or the kernel lacks a module for it',
  ENOMEM: 'the kernel is out of memory for it',
  ENOSPC: 'no space is left for it',
  EOPNOTSUPP: 'this kernel does not support it',
  EROFS: 'it is on a read-only file system',
}
