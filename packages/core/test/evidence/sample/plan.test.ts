import { describe, expect, it } from 'vitest'
import { validateSample } from '../../../src/evidence/index.js'

const given = (options: unknown): unknown => validateSample(options as never)

describe('validateSample', () => {
  it('fills in defaults, and gives plain JSON', () => {
    expect(validateSample({ fraction: 0.01 })).toEqual({
      limit: { fraction: 0.01 },
      seed: 'backproof',
      by: 'objects',
      confidence: 0.95,
    })
    const plan = validateSample({ count: 7, by: 'bytes', seed: 'x', confidence: 0.99 })
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
    expect(validateSample({ part: 7, of: 7 }).limit).toEqual({ part: 7, of: 7 })
    expect(validateSample({ bytes: 10e9 }).limit).toEqual({ bytes: 10e9 })
  })

  it.each<[unknown, RegExp]>([
    [undefined, /one options object/],
    [{}, /nothing about how much; give exactly one/],
    [{ count: 1, bytes: 1 }, /`count` and `bytes`; give exactly one/],
    [{ count: 1, sead: 'x' }, /no option "sead"/],
    [{ count: 1, of: 2 }, /only with `part`/],
    [{ fraction: 0 }, /fraction` is 0; it must be above 0/],
    [{ fraction: 1.1 }, /at most 1/],
    [{ fraction: '1' }, /fraction` is "1"/],
    [{ count: 0 }, /count` is 0; it must be a whole number/],
    [{ count: 1.5 }, /whole number/],
    [{ count: 10_000_001 }, /at most 10000000 objects. Give a `fraction`/],
    [{ bytes: -1 }, /bytes` is -1/],
    [{ part: 0, of: 7 }, /no part 0 of 7/],
    [{ part: 8, of: 7 }, /no part 8 of 7/],
    [{ part: 1 }, /no part 1 of undefined/],
    [{ part: 1, of: 2, by: 'bytes' }, /parts are dealt by objects/],
    [{ count: 1, by: 'size' }, /must be "objects" or "bytes"/],
    [{ count: 1, seed: '' }, /not empty/],
    [{ count: 1, seed: 'a\0b' }, /NUL/],
    [{ count: 1, seed: 7 }, /seed` is 7/],
    [{ count: 1, confidence: 1 }, /Certainty needs every object/],
    [{ count: 1, confidence: Number.NaN }, /confidence` is NaN/],
  ])('refuses %j', (options, message) => {
    expect(() => given(options)).toThrow(message)
    expect(() => given(options)).toThrow(expect.objectContaining({ code: 'invalid-config' }))
  })
})
