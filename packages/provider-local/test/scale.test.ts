import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { measure, scaleDirectory } from './support/scale.js'

const hasRclone = spawnSync('rclone', ['version']).status === 0
const at = scaleDirectory({ files: 110_000, bytes: 5e8 })

describe('scale', () => {
  it.skipIf(!hasRclone)(
    'compares 50,000 small files no slower than rclone check (Debian package rclone)',
    { timeout: 600_000 },
    () => {
      const [a, b] = [at('small-a'), at('small-b')]
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
