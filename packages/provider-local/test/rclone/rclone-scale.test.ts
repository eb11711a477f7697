import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, openSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { tempDirectory } from '../support/tree.js'

const child = fileURLToPath(new URL('rclone-scale-child.mjs', import.meta.url))
const built = fileURLToPath(new URL('../../dist/rclone/index.js', import.meta.url))

const COUNT = 500_000

it('a list of half a million objects in one line is read in a heap of 24 MiB', () => {
  if (!existsSync(built))
    throw new Error('The packages are not built: run `npm run build`, or all tests by `npm test`.')
  const path = join(tempDirectory(), 'list.json')
  const file = openSync(path, 'w')
  const rowOf = (i: number): string =>
    JSON.stringify({
      Path: `dir-${i % 100}/file-${i}`,
      Size: 2,
      IsDir: false,
      Hashes: { sha1: String(i).padStart(40, '0') },
    })
  for (let from = 0; from < COUNT; from += 10_000) {
    const rows = Array.from({ length: 10_000 }, (_, i) => rowOf(from + i))
    writeSync(file, `${from === 0 ? '[' : ','}${rows.join(',')}`)
  }
  writeSync(file, ']')
  closeSync(file)
  expect(statSync(path).size).toBeGreaterThan(50_000_000)
  const node = ['--max-old-space-size=24', '--max-semi-space-size=4', child, path]
  const measured = JSON.parse(execFileSync(process.execPath, node, { encoding: 'utf8' }))
  expect(measured).toMatchObject({ entries: COUNT, bytes: 2 * COUNT })
  expect(measured.rssMiB).toBeLessThan(150)
})
