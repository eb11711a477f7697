import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, hashOptions } from '../../src/report/index.js'

describe('canonicalJson', () => {
  it('does not depend on the order of members, and means the same', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary', maxLength: 6 }), fc.jsonValue({ maxDepth: 2 })),
        (value) => {
          const reversed = Object.fromEntries(Object.entries(value).reverse())
          expect(canonicalJson(reversed)).toBe(canonicalJson(value))
          expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
        },
      ),
    )
  })

  it('sorts names as text also where they look like numbers, and drops what is undefined', () => {
    expect(canonicalJson({ b: [undefined, { z: 1, y: undefined }], 10: 1, 9: 2, a: '\udc80' })).toBe(
      '{"10":1,"9":2,"a":"\\udc80","b":[null,{"z":1}]}',
    )
  })
})

describe('hashOptions', () => {
  it('is the sha256 of the canonical JSON', () => {
    const text = '{"include":["*.pdf"],"require":"read"}'
    expect(hashOptions({ require: 'read', include: ['*.pdf'] })).toBe(createHash('sha256').update(text).digest('hex'))
  })
})
