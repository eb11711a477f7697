// Run by rclone-scale.test.ts against the built packages, so that the memory measured is that of a real program.
import { readFileSync } from 'node:fs'
import { rcloneList } from '@backproof/provider-local'

let entries = 0
let bytes = 0
for await (const page of rcloneList({ path: process.argv[2] }).list()) {
  entries += page.length
  for (const { size } of page) bytes += size
}
const rssMiB = Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024
process.stdout.write(JSON.stringify({ entries, bytes, rssMiB }))
