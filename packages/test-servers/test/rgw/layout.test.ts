import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { locatorOf, type Manifest, rawName, stripesOf } from '../../src/rgw/layout.js'

const marker = '4fc606d2-ba94-4091-8cb0-cddaddc40c10.4126.1'
const MIB = 1024 * 1024
const rule = (key: number, part: number, size: number): Manifest['rules'][number] => ({
  key,
  val: { start_part_num: part, start_ofs: key, part_size: size, stripe_max_size: 4 * MIB, override_prefix: '' },
})
const manifest = (size: number, given: Partial<Manifest>): Manifest => ({
  explicit_objs: 'false',
  obj_size: size,
  max_head_size: 4 * MIB,
  prefix: '.P_',
  rules: [rule(4 * MIB, 0, 0)].map((one) => ({ ...one, key: 0 })),
  tail_instance: '',
  tail_placement: { bucket: { marker } },
  ...given,
})

describe('names of rados objects', () => {
  it('are those that Ceph 16 gave', () => {
    const names = [
      rawName(marker, { name: 'big' }),
      rawName(marker, { name: '_under' }),
      rawName(marker, { name: 'v', instance: 'Sf3' }),
      rawName(marker, { name: 'v', instance: 'null' }),
      rawName(marker, { name: 'multi.2~l7.1', namespace: 'multipart' }),
      rawName(marker, { name: '.oAd_1', namespace: 'shadow', instance: 'SVQ' }),
    ]
    expect(names.map((name) => name.slice(marker.length))).toEqual([
      '_big',
      '___under',
      '__:Sf3_v',
      '_v',
      '__multipart_multi.2~l7.1',
      '__shadow:SVQ_.oAd_1',
    ])
  })

  it('have a locator exactly if the key begins with an underscore', () => {
    const name = fc.oneof(fc.string({ minLength: 1, unit: 'binary' }), fc.stringMatching(/^[_:a]{1,6}$/))
    const instance = fc.option(fc.stringMatching(/^[A-Za-z0-9.-]{1,32}$/), { nil: undefined })
    fc.assert(
      fc.property(name, instance, (key, version) => {
        const expected = key.startsWith('_') ? `${marker}_${key}` : undefined
        expect(locatorOf(rawName(marker, { name: key, instance: version }))).toBe(expected)
      }),
    )
    fc.assert(
      fc.property(name, instance, fc.constantFrom('shadow', 'multipart'), (key, version, namespace) => {
        expect(locatorOf(rawName(marker, { name: key, instance: version, namespace }))).toBeUndefined()
      }),
    )
  })
})

describe('stored pieces', () => {
  it('cover the object without gaps, whatever its size and parts', () => {
    const parts = fc.record({
      size: fc.integer({ min: 5 * MIB, max: 40 * MIB }),
      count: fc.integer({ min: 1, max: 6 }),
      last: fc.integer({ min: 0, max: 5 * MIB }),
    })
    const uploaded = parts.map(({ size, count, last }) => {
      const rules = [rule(0, 1, size), ...(last > 0 ? [rule(size * count, count + 1, last)] : [])]
      return manifest(size * count + last, { max_head_size: 0, prefix: 'k.2~x', rules })
    })
    const whole = fc.integer({ min: 0, max: 50 * MIB }).map((size) => manifest(size, {}))
    fc.assert(
      fc.property(fc.oneof(uploaded, whole), (one) => {
        const pieces = stripesOf(marker, { name: 'k' }, { size: one.obj_size, manifest: one })
        let end = 0
        for (const piece of pieces) {
          expect(piece.offset).toBe(end)
          end += piece.size
        }
        expect(end).toBe(one.obj_size)
        expect(new Set(pieces.map((piece) => piece.name)).size).toBe(pieces.length)
        expect(pieces.slice(1).every((piece) => piece.size > 0)).toBe(true)
      }),
    )
  })

  it('of an old manifest are refused', () => {
    const old = { size: 1, manifest: manifest(1, { explicit_objs: 'true' }) }
    expect(() => stripesOf(marker, { name: 'k' }, old)).toThrow(/manifest of an old kind/)
  })
})
