import { startAzurite } from '../../src/azurite/index.js'

// Starts a server, tells about it, and waits to be killed.
const { url, directory, pid } = await startAzurite()
process.stdout.write(`${JSON.stringify({ url, directory, pid })}\n`)
setInterval(() => undefined, 60_000)
