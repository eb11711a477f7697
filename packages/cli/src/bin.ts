#!/usr/bin/env node
// 70 stands until the outcome is known and delivered: whatever ends the process early must not read as success, and
// Node's own 1 for an uncaught error would read as "a difference was found".
process.exitCode = 70
process.on('uncaughtException', (error) => {
  process.stderr.write(`backproof: internal error: ${error.stack ?? String(error)}\n`)
  process.exit(70)
})
// When standard error cannot be written, nobody is left to tell; the exit code alone says it.
process.stderr.on('error', () => {
  process.exit(70)
})

const { main } = await import('./main.js')
process.exitCode = await main(process.argv.slice(2))
