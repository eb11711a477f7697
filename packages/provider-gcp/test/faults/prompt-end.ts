import { compare } from '@backproof/core/compare'
import { memorySource } from '@backproof/core/testing'
import type { Fault } from '@backproof/test-servers'
import { KEYS, QUICK, type Vault } from '@backproof/test-servers/suites'
import { afterEach, expect, test, vi } from 'vitest'
import type { GcsOptions } from './support/gcs-platform.js'

/** How long an end may take; the machine may be busy with other tests, so that the quickest of some counts. */
const MOST_MS = 200

/** Runs that are ended while a request hangs: the SDK takes no signal, and cannot end what it sends. */
export const promptEnds = (vault: () => Vault<GcsOptions>): void => {
  afterEach(() => vault().fault())

  for (const [name, operation, key, hang] of [
    ['the settings of the bucket do not come', 'buckets.get', '', { delayMs: 60_000 }],
    ['a page stalls', 'objects.list', '', { stall: 20 }],
    ['an object is not told of', 'objects.get', 'b/csek', { delayMs: 60_000 }],
    ['bytes stall', 'objects.getMedia', KEYS.plain, { stall: 50_000 }],
    ['bytes do not begin to come', 'objects.getMedia', KEYS.plain, { delayMs: 60_000 }],
  ] as const satisfies readonly (readonly [string, string, string, Fault])[]) {
    test(`while ${name}: within ${MOST_MS} ms, with no socket`, async () => {
      const took: number[] = []
      for (let i = 0; i < 3; i++) {
        const controller = new AbortController()
        let aborted = 0
        const abort = (): void => {
          aborted = performance.now()
          controller.abort()
        }
        let hangs = false
        const fault = (): Fault => {
          if (!hangs) setTimeout(abort, 30)
          hangs = true
          return hang
        }
        vault().fault({ operation, key, fault })
        await using source = vault().open()
        const require = operation === 'objects.getMedia' ? 'read' : 'stored'
        const copy = memorySource(vault().files)
        const run = compare({ source: copy, replicas: [source], require, retry: QUICK, signal: controller.signal })
        expect((await run.report()).result).toMatchObject({ complete: false, incomplete: [{ reason: 'aborted' }] })
        took.push(performance.now() - aborted)
        await source[Symbol.asyncDispose]()
        await vi.waitFor(() => expect(vault().traffic.open()).toBe(0), { interval: 5 })
      }
      expect(Math.min(...took)).toBeLessThan(MOST_MS)
    })
  }
}
