import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { measure, remove, scaleDirectory } from './support/scale.js'

const at = scaleDirectory({ files: 2_001_000, bytes: 1e9 })

describe('memory', () => {
  it('compares names and sizes of a flat directory of 1,000,000 entries under 400 MB', { timeout: 600_000 }, () => {
    const [a, b] = [at('a'), at('b')]
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
    for (const side of [a, b]) remove(side)
  })

  it('compares an archive of 200,000 entries with its directory, read once, under 250 MB', { timeout: 600_000 }, () => {
    const [tree, archive] = [at('tree'), at('tree.tar.gz')]
    for (let i = 0; i < 200_000; i++) {
      if (i % 1_000 === 0) mkdirSync(`${tree}/${i / 1_000}`, { recursive: true })
      writeFileSync(`${tree}/${Math.floor(i / 1_000)}/file-${i}.txt`, `${i} `.repeat(20))
    }
    execFileSync('tar', ['-czf', archive, '-C', tree, '.'])
    const measured = measure(tree, archive, 'read')
    expect(measured).toMatchObject({ findings: 200_000, match: 200_000, complete: true, scans: 1 })
    expect(measured.rssMiB * 1.048576).toBeLessThan(250)
    remove(tree)
  })
})
