// Runs shell scripts that the other machine sends: POST a script, get {status, output, complaint}. `agent.mjs ADDRESS`.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

const port = 7000

createServer(async (request, response) => {
  const child = spawn('sh', ['-e'], { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(await text(request))
  const ended = new Promise((resolve) => child.once('exit', (status) => resolve(status ?? 255)))
  const [status, output, complaint] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  response.end(JSON.stringify({ status, output, complaint }))
}).listen(port, process.argv[2])
