/**
 * Takes netlink ports, as far as the kernel lets it: `node squatter.cjs PROTOCOL/PORT…`. It says what it has, sends
 * messages to whoever else has a socket of NETLINK_USERSOCK, and stays until it is ended.
 */
const { RawNetlinkSocket } = require('netlink/dist/raw.js')

const userSockets = 2
/** As many groups as one can name by bits. */
const allGroups = 0xffffffff

const sockets = process.argv.slice(2).map((name) => {
  const [protocol, localPort] = name.split('/').map(Number)
  if (protocol !== userSockets) return new RawNetlinkSocket(protocol, { localPort })
  try {
    const socket = new RawNetlinkSocket(protocol, { localPort, localGroups: allGroups })
    process.stdout.write(`${name} and its groups\n`)
    return socket
  } catch (error) {
    process.stdout.write(`${name}, but ${error.code} for groups\n`)
    return new RawNetlinkSocket(protocol, { localPort })
  }
})
process.stdout.write('ready\n')

// Each is lost or waits in the kernel: nobody may be kept busy or be ended by them.
const senders = process.argv[2]?.startsWith(`${userSockets}/`) ? sockets : []
let left = 200
const flood = setInterval(() => {
  left -= 1
  if (left === 0) clearInterval(flood)
  for (const socket of senders) for (const groups of [1, 2]) socket.send(Buffer.alloc(4096), { groups }, () => {})
}, 10)
