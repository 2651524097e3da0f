// One TCP transfer, for both ends: `receive PORT MODE`, or `send ADDRESS PORT MEGABYTES MODE`. Each end prints one line
// of JSON: the bytes, and the sender the seconds until the receiver had all of them. In the mode `checked` every block
// is random and both ends give a SHA-256; in the mode `fast` one block is sent again and again.
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'

const [, , role, ...words] = process.argv
const isChecked = words.at(-1) === 'checked'
const hash = createHash('sha256')
let bytes = 0
const note = (chunk) => {
  bytes += chunk.length
  if (isChecked) hash.update(chunk)
}
const result = (more) => process.stdout.write(`${JSON.stringify({ bytes, sha256: hash.digest('hex'), ...more })}\n`)

if (role === 'receive') {
  const server = createServer(async (socket) => {
    server.close()
    for await (const chunk of socket) note(chunk)
    socket.end()
    result()
  })
  server.listen(Number(words[0]), () => process.stdout.write('listening\n'))
} else {
  const [address, port, megabytes] = words
  const socket = connect(Number(port), address)
  await once(socket, 'connect')
  const started = process.hrtime.bigint()
  let block = randomBytes(2 ** 20)
  for (let count = 0; count < Number(megabytes); count += 1) {
    if (isChecked) block = randomBytes(2 ** 20)
    note(block)
    if (!socket.write(block)) await once(socket, 'drain')
  }
  socket.end()
  socket.resume()
  await once(socket, 'end')
  result({ seconds: Number(process.hrtime.bigint() - started) / 1e9 })
}
