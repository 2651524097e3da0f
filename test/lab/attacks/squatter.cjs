/**
 * Takes what fanctl's locks are made of, as far as the kernel lets it: `node squatter.cjs PORT…`. It says what it has,
 * sends messages to whoever else has such a socket, and stays until it is ended.
 */
const { RawNetlinkSocket } = require('netlink/dist/raw.js')

/** NETLINK_USERSOCK, and as many groups as one can name by bits. */
const protocol = 2
const allGroups = 0xffffffff

const sockets = process.argv.slice(2).map((port) => {
  try {
    const socket = new RawNetlinkSocket(protocol, { localPort: Number(port), localGroups: allGroups })
    process.stdout.write(`${port} and its groups\n`)
    return socket
  } catch (error) {
    process.stdout.write(`${port}, but ${error.code} for groups\n`)
    return new RawNetlinkSocket(protocol, { localPort: Number(port) })
  }
})
process.stdout.write('ready\n')

// Each is lost or waits in the kernel: nobody may be kept busy or be ended by them.
let left = 200
const flood = setInterval(() => {
  left -= 1
  if (left === 0) clearInterval(flood)
  for (const socket of sockets) for (const groups of [1, 2]) socket.send(Buffer.alloc(4096), { groups }, () => {})
}, 10)
