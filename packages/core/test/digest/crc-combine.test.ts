import { combineCrcs, createHasher, isCombinable, KNOWN_ALGORITHMS } from '@backproof/core/digest'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const CRCS = ['crc32', 'crc32c', 'crc64nvme'] as const

describe.each(CRCS)('%s of pieces', (algorithm) => {
  const crcOf = async (bytes: Uint8Array): Promise<string> => {
    const hasher = await createHasher([algorithm])
    hasher.update(bytes)
    return hasher.digest()[algorithm]!
  }
  const piecesOf = (chunks: readonly Uint8Array[]): Promise<{ value: string; size: number }[]> =>
    Promise.all(chunks.map(async (chunk) => ({ value: await crcOf(chunk), size: chunk.length })))

  it('is that of the whole, wherever it was cut', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(chunks, async (pieces) => {
        expect(combineCrcs(algorithm, await piecesOf(pieces))).toBe(await crcOf(Buffer.concat(pieces)))
      }),
    )
  })

  it('may be put together in any grouping', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 50 }), { minLength: 3, maxLength: 6 }), async (chunks) => {
        const pieces = await piecesOf(chunks)
        const [first, ...rest] = pieces
        const tail = { value: combineCrcs(algorithm, rest), size: rest.reduce((sum, { size }) => sum + size, 0) }
        expect(combineCrcs(algorithm, [first!, tail])).toBe(combineCrcs(algorithm, pieces))
      }),
    )
  })

  it('of lengths that take more than 32 bits: zeros doubled 40 times over', async () => {
    // Two ways to the CRC of 2^40 zero bytes: by doubling, and as one piece behind nothing.
    const one = { value: await crcOf(new Uint8Array(1)), size: 1 }
    let piece = one
    for (let i = 0; i < 40; i++) piece = { value: combineCrcs(algorithm, [piece, piece]), size: piece.size * 2 }
    const odd = combineCrcs(algorithm, [one, piece])
    expect(odd).toBe(combineCrcs(algorithm, [piece, one]))
    expect(piece.size).toBe(2 ** 40)
  })

  it('of nothing is that of no bytes', async () => {
    expect(combineCrcs(algorithm, [])).toBe(await crcOf(new Uint8Array()))
  })

  it('takes only its own values', () => {
    for (const [value, size] of [
      ['xyz', 1],
      ['', 1],
      ['00', 1],
      ['0'.repeat(16), -1],
      ['0'.repeat(8), 1.5],
    ] as const) {
      const combine = () => combineCrcs(algorithm, [{ value, size }])
      expect(combine).toThrow(expect.objectContaining({ code: 'invalid-config' }) as Error)
    }
  })
})

it('is for CRCs only', () => {
  expect(KNOWN_ALGORITHMS.filter(isCombinable)).toEqual([...CRCS])
})
