import { describe, expect, test } from 'vitest'
import { socketsIn } from '../../src/services/processes.js'

/** Tables of Linux 6.18 on a little-endian machine: 2118 is port 8472, 0035 is 53. */
const udp = `
   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 7203: 0100007F:2118 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 13406 2 00000000fa3ad6a8 0
 9628: 0100007F:EA91 0100007F:2118 01 00000000:00000000 00:00000000 00000000     0        0 13407 2 00000000d43f570e 0
`.trimStart()
const udp6 = `
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 7203: 00000000000000000000000001000000:2118 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 13408 2 00000000a22fa493 0
`.trimStart()
const tcp = `
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2118 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 13409 1 00000000f9b76700 100 0 0 10 0
   1: 0100007F:2118 0100007F:807A 01 00000000:00000000 00:00000000 00000000     0        0 13411 1 00000000679604f2 20 0 0 10 -1
   2: 0100007F:807A 0100007F:2118 01 00000000:00000000 00:00000000 00000000     0        0 13410 2 000000006b141ec0 20 0 0 10 -1
`.trimStart()
const tcp6 = `
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:0035 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 13412 1 0000000054a25447 100 0 0 10 0
`.trimStart()

describe('the sockets on a port are', () => {
  test.each([
    ['the one that is bound to it, not the one that sends to it', 'udp', udp, 8472, ['13406']],
    ['also those for IPv6', 'udp', udp6, 8472, ['13408']],
    ['the one that listens, not the connections that it has accepted', 'tcp', tcp, 8472, ['13409']],
    ['none where there is a connection only: it holds no port', 'tcp', tcp, 0x807a, []],
    ['also those that listen on all addresses', 'tcp', tcp6, 53, ['13412']],
    ['none where nobody has it', 'udp', udp, 53, []],
    ['none where another port ends in the same digits', 'udp', udp, 0x118, []],
    ['none in an empty table', 'udp', 'sl local_address\n', 8472, []],
  ] as const)('%s', (_, protocol, table, port, inodes) => {
    expect(socketsIn(table, protocol, port)).toEqual(inodes)
  })
})
