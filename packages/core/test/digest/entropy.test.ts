import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHasher } from '../../src/digest/hasher.js'

const BLOCK = 256 * 1024
const entropyOf = async (chunks: readonly Uint8Array[]): Promise<number> => {
  const hasher = await createHasher(['entropy'])
  for (const chunk of chunks) hasher.update(chunk)
  return Number(hasher.digest()['entropy'])
}

describe('entropy of sampled blocks', () => {
  it('is 0 for one value, 1 for two, 8 for all bytes alike, and 0 for nothing', async () => {
    expect(await entropyOf([])).toBe(0)
    expect(await entropyOf([Buffer.alloc(4_096, 7)])).toBe(0)
    expect(await entropyOf([Buffer.from('abab'.repeat(100))])).toBe(1)
    expect(await entropyOf([Uint8Array.from({ length: 4_096 }, (_, i) => i % 256)])).toBe(8)
  })

  it('tells text from what is encrypted', async () => {
    const text = Buffer.from('The quick brown fox jumps over the lazy dog. '.repeat(100))
    expect(await entropyOf([text])).toBeLessThan(5)
    expect(await entropyOf([randomBytes(65_536)])).toBeGreaterThan(7.9)
  })

  it('looks at the first 4 KiB of every 256 KiB, and at nothing else', async () => {
    const bytes = Buffer.alloc(2 * BLOCK + 10_000)
    bytes.fill(1, 4_096, BLOCK)
    expect(await entropyOf([bytes])).toBe(0)
    bytes.fill(2, BLOCK, BLOCK + 4_096)
    expect(await entropyOf([bytes])).toBeCloseTo(0.9183, 4)
  })

  it('does not depend on chunks, and starts anew after reset', async () => {
    const bytes = randomBytes(BLOCK + 8_192)
    const whole = await entropyOf([bytes])
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 6 }), async (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length]
        expect(await entropyOf(at.slice(1).map((end, i) => bytes.subarray(at[i], end)))).toBe(whole)
      }),
      { numRuns: 30 },
    )
    const hasher = await createHasher(['entropy', 'md5'])
    hasher.update(bytes)
    hasher.reset()
    hasher.update(Buffer.alloc(10))
    expect(hasher.digest()['entropy']).toBe('0.0000')
  })
})
