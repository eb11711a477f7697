import { describe, expect, it } from 'vitest'
import {
  digestBits,
  isKnownAlgorithm,
  KNOWN_ALGORITHMS,
  meetsStrength,
  parseAlgorithm,
  type Strength,
  strengthOf,
} from '../../src/digest/index.js'
import { isBackupError } from '../../src/errors.js'

describe('algorithms', () => {
  it('knows length and strength of each', () => {
    expect(KNOWN_ALGORITHMS.map((name) => [name, digestBits(name), strengthOf(name)])).toEqual([
      ['md5', 128, 'legacy'],
      ['sha1', 160, 'legacy'],
      ['sha256', 256, 'cryptographic'],
      ['sha512', 512, 'cryptographic'],
      ['crc32', 32, 'error-detecting'],
      ['crc32c', 32, 'error-detecting'],
      ['crc64nvme', 64, 'error-detecting'],
      ['blake3', 256, 'cryptographic'],
      ['xxh3-64', 64, 'error-detecting'],
      ['xxh3-128', 128, 'error-detecting'],
    ])
  })

  it('says nothing about algorithms it does not know, whatever their names', () => {
    for (const name of ['sha3-256', 'SHA256', '', 'constructor', '__proto__']) {
      expect([name, isKnownAlgorithm(name), digestBits(name), strengthOf(name)]).toEqual([
        name,
        false,
        undefined,
        undefined,
      ])
    }
  })

  it('orders strengths', () => {
    const strengths: readonly Strength[] = ['error-detecting', 'legacy', 'cryptographic']
    const table = strengths.map((strength) => strengths.map((required) => meetsStrength(strength, required)))
    expect(table).toEqual([
      [true, false, false],
      [true, true, false],
      [true, true, true],
    ])
  })

  it.each([
    ['SHA-256', 'sha256'],
    ['sha_256', 'sha256'],
    ['SHA2-256', 'sha256'],
    [' md5 ', 'md5'],
    ['SHA', 'sha1'],
    ['CRC64NVME', 'crc64nvme'],
    ['CRC-64/NVME', 'crc64nvme'],
    ['crc-32c', 'crc32c'],
    ['CRC-32', 'crc32'],
    ['BLAKE3', 'blake3'],
    ['b3', 'blake3'],
    ['XXH3', 'xxh3-64'],
    ['XXHASH3', 'xxh3-64'],
    ['XXH3_64', 'xxh3-64'],
    ['xxh128', 'xxh3-128'],
    ['XXHASH128', 'xxh3-128'],
  ])('reads %j as %s', (text, expected) => {
    expect(parseAlgorithm(text)).toBe(expected)
  })

  it('reads its own names', () => {
    expect(KNOWN_ALGORITHMS.map(parseAlgorithm)).toEqual(KNOWN_ALGORITHMS)
  })

  it.each(['', 'xxh64', 'crc64', 'sha512/256', 'sha3-256', 'constructor'])(
    'refuses %j and lists what there is',
    (text) => {
      const error = thrownBy(() => parseAlgorithm(text))
      expect(isBackupError(error) && error.code).toBe('invalid-config')
      for (const name of KNOWN_ALGORITHMS) expect(String(error)).toContain(name)
    },
  )
})

const thrownBy = (call: () => unknown): unknown => {
  try {
    call()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
