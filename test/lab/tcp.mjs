// One TCP transfer, for both ends: `receive PORT`, or `send ADDRESS PORT MEGABYTES`. Each end prints one line of JSON:
// the bytes, their SHA-256, and (the sender) the seconds until the receiver had all of them.
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'

const [, , role, ...words] = process.argv
const hash = createHash('sha256')
let bytes = 0
const result = (more) => process.stdout.write(`${JSON.stringify({ bytes, sha256: hash.digest('hex'), ...more })}\n`)

if (role === 'receive') {
  const server = createServer(async (socket) => {
    server.close()
    for await (const chunk of socket) {
      hash.update(chunk)
      bytes += chunk.length
    }
    socket.end()
    result()
  })
  server.listen(Number(words[0]), () => process.stdout.write('listening\n'))
} else {
  const [address, port, megabytes] = words
  const socket = connect(Number(port), address)
  await once(socket, 'connect')
  const started = process.hrtime.bigint()
  for (let count = 0; count < Number(megabytes); count += 1) {
    const chunk = randomBytes(2 ** 20)
    hash.update(chunk)
    bytes += chunk.length
    if (!socket.write(chunk)) await once(socket, 'drain')
  }
  socket.end()
  socket.resume()
  await once(socket, 'end')
  result({ seconds: Number(process.hrtime.bigint() - started) / 1e9 })
}
