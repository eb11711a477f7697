import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { csvInventory, type InventoryRow, MANIFEST, md5, parquetInventory, writeFiles } from './lists.js'

const child = fileURLToPath(new URL('inventory-child.mjs', import.meta.url))
const built = fileURLToPath(new URL('../../dist/inventory/index.js', import.meta.url))
if (!existsSync(built)) throw new Error('The packages are not built: run `npm run build`, or all tests by `npm test`.')

const root = mkdtempSync(join(tmpdir(), 'backproof-inventory-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const COUNT = 200_000

it('inventories of 200,000 objects, in CSV and in one row group of Parquet, are compared in a heap of 96 MiB', {
  timeout: 300_000,
}, () => {
  // In an order that is not that of the keys.
  const rows = Array.from({ length: COUNT }, (_, i): InventoryRow => {
    const number = (i * 7_919) % COUNT
    return {
      key: `photos/${number % 100}/image number ${String(number).padStart(8, '0')}.jpg`,
      size: number,
      modified: '2026-10-31T10:20:30.000Z',
      etag: md5(String(number)),
      storageClass: 'STANDARD',
      multipart: false,
      encryption: 'SSE-S3',
    }
  })
  writeFiles(join(root, 'csv'), csvInventory(rows))
  writeFiles(join(root, 'parquet'), parquetInventory(rows, undefined, COUNT))
  const flags = ['--max-semi-space-size=16', '--max-old-space-size=96']
  const directories = [join(root, 'csv'), join(root, 'parquet')]
  const measured = JSON.parse(
    execFileSync(process.execPath, [...flags, child, MANIFEST, ...directories], { encoding: 'utf8', timeout: 240_000 }),
  )
  expect(measured).toMatchObject({ findings: COUNT, match: COUNT, complete: true })
  expect(measured.rssMiB).toBeLessThan(400)
})
