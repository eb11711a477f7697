// Run as a child process by spill-sort.test.ts: sorts entries in hashed order and prints what it took.
import { readFileSync } from 'node:fs'
import { isBackupError } from '../../src/errors.js'
import { spillSort } from '../../src/run/spill-sort.js'
import { compareKeys } from '../../src/source/key.js'

interface Entry {
  readonly key: string
  readonly ref: string
  readonly kind: 'object'
  readonly size: number
  readonly modified: number
}

const count = Number(process.argv[2])
const tempDirectory = process.argv[3]

async function* pages(): AsyncGenerator<readonly Entry[]> {
  for (let from = 0; from < count; from += 1_000) {
    const page: Entry[] = []
    for (let i = from; i < Math.min(from + 1_000, count); i++) {
      const hashed = (Math.imul(i, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')
      const key = `shop/${hashed.slice(0, 2)}/${hashed}/invoice-${String(i).padStart(9, '0')}.pdf`
      page.push({ key, ref: key, kind: 'object', size: i, modified: 1_700_000_000_000.5 + i })
    }
    yield page
  }
}

/** Peak of this process alone: `maxRSS` after exec still counts the parent's. */
const peakMegabytes = (): number => {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}

const began = performance.now()
let seen = 0
let spilled = 0
let sum = 0
let last = ''
try {
  for await (const page of spillSort(pages(), {
    compare: (a, b) => compareKeys(a.key, b.key),
    encode: (entry) => JSON.stringify(entry),
    decode: (line) => JSON.parse(line) as Entry,
    weigh: (entry) => 250 + 2 * entry.key.length,
    tempDirectory,
    onSpill: (items) => {
      spilled += items
    },
  })) {
    for (const { key, size } of page) {
      if (compareKeys(last, key) >= 0) throw new Error(`${key} after ${last}`)
      last = key
      seen += 1
      sum += size
    }
  }
  console.log(
    JSON.stringify({ seen, sum, spilled, seconds: (performance.now() - began) / 1_000, peak: peakMegabytes() }),
  )
} catch (error) {
  console.log(JSON.stringify({ error: isBackupError(error) ? error : String(error) }))
  process.exitCode = 1
}
