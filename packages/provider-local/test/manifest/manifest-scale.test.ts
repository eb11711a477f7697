import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { tempDirectory } from '../support/tree.js'

const child = fileURLToPath(new URL('manifest-scale-child.mjs', import.meta.url))
const built = fileURLToPath(new URL('../../dist/index.js', import.meta.url))

const COUNT = 200_000
const key = (i: number): string => `dir-${String(i % 100).padStart(3, '0')}/file-${String(i).padStart(8, '0')}.dat`
const digest = (i: number): string => i.toString(16).padStart(64, '0')

/** The numbers below COUNT in an order that has nothing to do with keys. */
const shuffled = (step: number): number[] => Array.from({ length: COUNT }, (_, i) => (i * step) % COUNT)

it('a list in any order is compared on disk, with what differs found, under 300 MB', () => {
  if (!existsSync(built))
    throw new Error('The packages are not built: run `npm run build`, or all tests by `npm test`.')
  const root = tempDirectory()
  const ours = shuffled(1)
    .map((i) => JSON.stringify({ key: key(i), kind: 'object', size: 1, digests: { sha256: digest(i) } }))
    .sort()
  const head = `{"schema":"backproof.manifest/v1","type":"header","source":"x:","created":"","algorithms":["sha256"]}\n${ours.join('\n')}\n`
  const sha256 = createHash('sha256').update(head).digest('hex')
  const end = `{"type":"end","entries":${COUNT},"bytes":${COUNT},"omitted":0,"sha256":"${sha256}"}\n`
  writeFileSync(`${root}/manifest`, head + end)
  // 77,773 is prime to COUNT. One digest differs, one line is missing, one is not in the manifest.
  const lines = shuffled(77_773).flatMap((i) => (i === 5 ? [] : [`${digest(i === 7 ? 8 : i)}  ${key(i)}`]))
  writeFileSync(`${root}/list.sha256`, `${lines.join('\n')}\n${digest(1)}  zzz\n`)
  const measured = JSON.parse(
    // The space for young objects that Node 20 and 22 take by default; from Node 24 on V8 takes up to 100 MB more.
    execFileSync(process.execPath, ['--max-semi-space-size=16', child, `${root}/manifest`, `${root}/list.sha256`], {
      encoding: 'utf8',
    }),
  )
  expect(measured.outcomes).toMatchObject({ match: COUNT - 2, mismatch: 1, missing: 1, extra: 1 })
  expect(measured.findings).toEqual([key(5), key(7), 'zzz'])
  expect(measured.spilled).toBeGreaterThan(10_000)
  expect(measured.rssMiB).toBeLessThan(300)
})
