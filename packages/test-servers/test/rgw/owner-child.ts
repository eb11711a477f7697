import { startRgw } from '../../src/rgw/index.js'

// Starts a server, tells about it, and waits to be killed.
const { url, directory, pids } = await startRgw()
process.stdout.write(`${JSON.stringify({ url, directory, pids })}\n`)
setInterval(() => undefined, 60_000)
