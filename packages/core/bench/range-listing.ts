/**
 * Listing by key ranges: round trips and requests for kinds of keys, against a listing page by page. The store is in memory
 * and on a clock of its own, so that figures are exact. Run it with `npx tsx packages/core/bench/range-listing.ts`.
 * `--keys N` (default 200000), `--page N` (default 1000), `--concurrency N` (default 8).
 */
import { parseArgs } from 'node:util'
import { rangeListing } from '../src/run/range-listing.js'
import { keyShapes, keysOf } from '../test/run/range-keys.js'
import { clockedStore } from '../test/run/range-store.js'

const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '200000' },
    page: { type: 'string', default: '1000' },
    concurrency: { type: 'string', default: '8' },
  },
})
const pageSize = Number(values.page)
const concurrency = Number(values.concurrency)

const row = (...cells: readonly (string | number)[]): void =>
  console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(26) : String(cell).padStart(13))).join(''))

console.log(`${values.keys} keys, pages of ${pageSize}, ${concurrency} requests in flight`)
row('keys', 'serial', 'rounds', 'requests', 'faster', 'more requests', 'CPU ms')
for (const shape of keyShapes) {
  const keys = keysOf(shape, Number(values.keys))
  const store = clockedStore({ keys, pageSize })
  const listing = rangeListing({ fetchPage: store.fetchPage, concurrency })
  let listed = 0
  const start = process.cpuUsage()
  for await (const items of listing) {
    for (const { key } of items) if (key !== keys[listed++]) throw new Error(`${shape}: "${key}" is not next`)
  }
  if (listed !== keys.length) throw new Error(`${shape}: ${listed} keys instead of ${keys.length}`)
  const { user, system } = process.cpuUsage(start)
  const serial = Math.ceil(keys.length / pageSize)
  row(
    shape,
    serial,
    store.rounds(),
    listing.requests,
    `${(serial / store.rounds()).toFixed(1)}x`,
    `${((listing.requests / serial - 1) * 100).toFixed(0)} %`,
    Math.round((user + system) / 1000),
  )
}
