import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const child = fileURLToPath(new URL('scale-child.mjs', import.meta.url))
const built = fileURLToPath(new URL('../dist/index.js', import.meta.url))
const hasRclone = spawnSync('rclone', ['version']).status === 0

interface Measured {
  readonly findings: number
  readonly match: number
  readonly complete: boolean
  readonly scans: number
  readonly ms: number
  readonly rssMiB: number
}
const measure = (a: string, b: string, require: string): Measured =>
  JSON.parse(execFileSync(process.execPath, [child, a, b, require], { encoding: 'utf8', timeout: 300_000 }))

let root: string
beforeAll(() => {
  if (!existsSync(built))
    throw new Error('The packages are not built: run `npm run build`, or all tests by `npm test`.')
  root = mkdtempSync(join(tmpdir(), 'backproof-scale-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }), 300_000)

describe('scale', () => {
  it('compares names and sizes of a flat directory of 1,000,000 entries under 400 MB', { timeout: 600_000 }, () => {
    const [a, b] = [join(root, 'a'), join(root, 'b')]
    for (const side of [a, b]) {
      mkdirSync(side)
      // Created in an order that is neither that of the names nor of their hashes.
      for (let i = 0; i < 1_000_000; i++) {
        closeSync(openSync(`${side}/object-${String((i * 7_919) % 1_000_000).padStart(8, '0')}.dat`, 'w'))
      }
    }
    const measured = measure(a, b, 'size')
    expect(measured).toMatchObject({ findings: 1_000_000, match: 1_000_000, complete: true })
    expect(measured.rssMiB * 1.048576).toBeLessThan(400)
    for (const side of [a, b]) rmSync(side, { recursive: true })
  })

  it('compares an archive of 200,000 entries with its directory, read once, under 250 MB', { timeout: 600_000 }, () => {
    const [tree, archive] = [join(root, 'tree'), join(root, 'tree.tar.gz')]
    for (let i = 0; i < 200_000; i++) {
      if (i % 1_000 === 0) mkdirSync(`${tree}/${i / 1_000}`, { recursive: true })
      writeFileSync(`${tree}/${Math.floor(i / 1_000)}/file-${i}.txt`, `${i} `.repeat(20))
    }
    execFileSync('tar', ['-czf', archive, '-C', tree, '.'])
    const measured = measure(tree, archive, 'read')
    expect(measured).toMatchObject({ findings: 200_000, match: 200_000, complete: true, scans: 1 })
    expect(measured.rssMiB * 1.048576).toBeLessThan(250)
    rmSync(tree, { recursive: true })
  })

  it.skipIf(!hasRclone)(
    'compares 50,000 small files no slower than rclone check (Debian package rclone)',
    { timeout: 600_000 },
    () => {
      const [a, b] = [join(root, 'small-a'), join(root, 'small-b')]
      for (const side of [a, b]) {
        for (let i = 0; i < 50_000; i++) {
          if (i % 500 === 0) mkdirSync(`${side}/${i / 500}`, { recursive: true })
          writeFileSync(`${side}/${Math.floor(i / 500)}/file-${i}.bin`, Buffer.alloc(4_096, String(i)))
        }
      }
      const { AWS_CA_BUNDLE: _, ...env } = process.env
      const rclone = (): number => {
        const started = performance.now()
        const { status, stderr } = spawnSync('rclone', ['check', a, b], { env, encoding: 'utf8' })
        expect(status, stderr).toBe(0)
        return performance.now() - started
      }
      // In turn, after a warm-up, the best of two each: a busy machine then slows both.
      const times = Array.from({ length: 2 }, () => {
        const measured = measure(a, b, 'stored')
        expect(measured).toMatchObject({ match: 50_000, complete: true })
        return [measured.ms, rclone()] as const
      })
      const ours = Math.min(...times.map(([ms]) => ms))
      const theirs = Math.min(...times.map(([, ms]) => ms))
      console.log(`50,000 files of 4 KiB: rclone check takes ${(theirs / ours).toFixed(2)} times as long`)
      expect(ours).toBeLessThanOrEqual(theirs)
    },
  )
})
