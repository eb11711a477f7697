// Run as a child process by memory.test.ts, with a small heap: reads a file of job runs and prints what it took.
import { jobLines } from '../../src/history/line-sources.js'

const path = process.argv[2]!
const source = jobLines({ path })
const options = { signal: new AbortController().signal, now: 0 }
await source.describe(options)
let items = 0
let bytes = 0
let most = 0
for await (const page of source.read(options)) {
  items += page.length
  for (const { bytesProcessed } of page) bytes += bytesProcessed ?? 0
  most = Math.max(most, page.length)
}
console.log(JSON.stringify({ items, bytes, most }))
