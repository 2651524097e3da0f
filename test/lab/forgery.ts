/** Packets that a fan must not let in. */
import type { TypeName } from '../../src/core/types/types.js'
import type { Lab, LabContainer, LabHost } from './lab.js'
import { namespaceName, removeNamespace } from './namespaces.js'
import { must, run } from './shell.js'

/**
 * A container sends with an address that its host does not own. Its host, whose firewall is off, wraps it honestly; the
 * receiver must not let it in.
 */
export async function sendForgedSource(from: LabContainer, to: LabContainer, source: string): Promise<string> {
  const firewall = await from.host.must(['nft', 'list', 'table', 'inet', 'fanctl'])
  await from.host.must(['nft', 'delete', 'table', 'inet', 'fanctl'])
  try {
    return await sendFrom(from, to, source)
  } finally {
    await from.host.must(['nft', '-f', '-'], { input: firewall })
  }
}

async function sendFrom(from: LabContainer, to: LabContainer, source: string): Promise<string> {
  await from.must(['ip', 'addr', 'add', `${source}/32`, 'dev', 'eth0'])
  // A neighbour entry, so that the packet itself is sent and not only an ARP request for it.
  const mac = JSON.parse(await to.must(['ip', '-j', 'link', 'show', 'eth0']))[0].address
  const isOnLink = from.lease['mask'] === '8'
  if (isOnLink) await from.must(['ip', 'neigh', 'replace', to.address, 'lladdr', mac, 'dev', 'eth0'])
  const { status } = await from.run(['busybox', 'ping', '-c', '3', '-W', '1', '-I', source, to.address])
  if (isOnLink) await from.must(['ip', 'neigh', 'del', to.address, 'dev', 'eth0'])
  await from.must(['ip', 'addr', 'del', `${source}/32`, 'dev', 'eth0'])
  return status === 0 ? 'answered' : 'no answer'
}

/** A stranger on the underlay sends three packets straight to a host, for its container, with a source of the overlay. */
export async function sendAroundTunnel(lab: Lab, target: LabHost, to: LabContainer, source: string): Promise<void> {
  const name = namespaceName('stranger')
  await must(['ip', 'netns', 'add', name])
  try {
    await lab.connect(name, '10.0.0.99/16')
    await must(['ip', '-n', name, 'addr', 'add', `${source}/32`, 'dev', 'eth0'])
    await must(['ip', '-n', name, 'route', 'add', `${to.address}/32`, 'via', target.address])
    await run(['ip', 'netns', 'exec', name, 'busybox', 'ping', '-c', '3', '-W', '1', '-I', source, to.address])
  } finally {
    removeNamespace(name)
  }
}

/** A stranger on the underlay, honest about its own slice, sends three packets for one host's slice to another host. */
export async function sendToWrongHost(lab: Lab, type: TypeName, target: LabHost, inner: string): Promise<void> {
  const name = namespaceName('stranger')
  const inStranger = ['ip', '-n', name]
  await must(['ip', 'netns', 'add', name])
  try {
    await lab.connect(name, '10.0.0.99/16')
    const tunnel =
      type === 'ipip'
        ? `ipip local 10.0.0.99 remote ${target.address}`
        : `vxlan id 16384000 local 10.0.0.99 remote ${target.address} dstport 8472 nolearning`
    await must([...inStranger, 'link', 'add', 'tunnel', 'type', ...tunnel.split(' ')])
    await must([...inStranger, 'link', 'set', 'tunnel', 'up'])
    await must([...inStranger, 'addr', 'add', '250.0.99.5/32', 'dev', 'tunnel'])
    await must([...inStranger, 'route', 'add', '250.0.0.0/8', 'dev', 'tunnel', 'src', '250.0.99.5'])
    if (type === 'vxlan')
      await must([...inStranger, 'neigh', 'add', inner, 'lladdr', '02:00:00:00:00:01', 'dev', 'tunnel'])
    await run(['ip', 'netns', 'exec', name, 'busybox', 'ping', '-c', '3', '-W', '1', inner])
  } finally {
    removeNamespace(name)
  }
}
