import {
  checkedToken,
  type ListedRow,
  type Listing,
  orderedListing,
  relativeName,
  rootInPlace,
  serialPages,
} from '@backproof/core/object-store'
import type { RangePage, RangePageRequest } from '@backproof/core/run'
import { compareKeys, type ObjectEntry } from '@backproof/core/source'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const listing: Listing = { provider: 'store', operation: 'List', uri: 'store://place/p', prefix: 'p' }

const rowOf = (key: string): ListedRow => ({ key, entry: { key: key === '' ? '/' : key, ref: key, kind: 'object' } })

async function* pagesOf(...pages: readonly (readonly string[])[]): AsyncGenerator<readonly ListedRow[]> {
  for (const page of pages) yield page.map(rowOf)
}

const keysOf = async (pages: AsyncIterable<readonly { readonly key: string }[]>): Promise<string[]> => {
  const keys: string[] = []
  for await (const page of pages) keys.push(...page.map(({ key }) => key))
  return keys
}

describe('names', () => {
  it('lose the prefix, and those without it cannot be trusted', () => {
    expect(relativeName(listing, 'pa', 'pa')).toBe('a')
    expect(() => relativeName(listing, 'xa', 'xa')).toThrow('does not begin with "p"')
    expect(() => relativeName(listing, '%', undefined)).toThrow('cannot be decoded')
    expect(() => relativeName(listing, undefined, undefined)).toThrow('an object without a name')
  })

  it('of the next page must be another than of this one', () => {
    expect(checkedToken(listing, 'a', 'b')).toBe('b')
    expect(() => checkedToken(listing, 'a', 'a')).toThrow('leads to itself')
    for (const none of [undefined, '']) expect(() => checkedToken(listing, 'a', none)).toThrow('but not where')
  })
})

describe('the object named like the prefix', () => {
  it('is put where its key belongs, wherever pages are cut', async () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 2, unit: fc.constantFrom(...' !-/0a') }))
    await fc.assert(
      fc.asyncProperty(names, fc.array(fc.nat(5), { maxLength: 5 }), async (keys, cuts) => {
        fc.pre(!keys.includes('/'))
        const sorted = ['', ...keys.toSorted(compareKeys)]
        const pages: string[][] = []
        for (const cut of cuts) pages.push(sorted.splice(0, cut))
        pages.push(sorted)
        const entries = rootInPlace({ listing, pages: pagesOf(...pages), compare: compareKeys })
        const got: string[] = []
        for await (const page of entries) got.push(...page.map(({ entry }) => entry.key))
        expect(got).toEqual([...keys, '/'].toSorted(compareKeys))
      }),
    )
  })

  it('cannot be told from one that is named "/" below it', async () => {
    const both = keysOf(rootInPlace({ listing, pages: pagesOf(['', 'a'].toSorted(), []), compare: compareKeys }))
    expect(await both).toEqual(['', 'a'])
    await expect(
      keysOf(rootInPlace({ listing, pages: pagesOf(['', '/']), compare: compareKeys })),
    ).rejects.toMatchObject({ code: 'unsupported' })
  })
})

describe('a listing in order', () => {
  const names = ['', '-', '0', 'a', 'b']
  const fetchPage = ({ after, from, to }: RangePageRequest): Promise<RangePage<ListedRow>> => {
    const wanted = names.filter(
      (name) =>
        (after === undefined || compareKeys(name, after) > 0) &&
        (from === undefined || compareKeys(name, from) >= 0) &&
        (to === undefined || compareKeys(name, to) < 0),
    )
    return Promise.resolve({ items: wanted.map(rowOf), more: false })
  }
  const list = (options: Parameters<typeof orderedListing>[0]['options']): AsyncIterable<readonly ObjectEntry[]> =>
    orderedListing({ listing, fetchPage, options, concurrency: 2, checkOpen: () => undefined })

  it.each([
    [{}, ['-', '/', '0', 'a', 'b']],
    [{ after: '-' }, ['/', '0', 'a', 'b']],
    [{ after: '/' }, ['0', 'a', 'b']],
    [{ range: { from: '.', to: 'a' } }, ['/', '0']],
    [{ range: { from: '0' } }, ['0', 'a', 'b']],
    [{ range: { to: '/' } }, ['-']],
  ])('with %j', async (options, expected) => {
    expect(await keysOf(list(options))).toEqual(expected)
  })
})

describe('pages one after the other', () => {
  const steps =
    (next: Readonly<Record<string, string | undefined>>) =>
    ({ cursor = 'start' }: RangePageRequest): Promise<RangePage<ListedRow>> => {
      const to = next[cursor]
      const items = [rowOf(cursor)]
      return Promise.resolve(to === undefined ? { items, more: false } : { items, more: true, cursor: to })
    }

  it('come to their end', async () => {
    const pages = serialPages({ listing, fetchPage: steps({ start: 'b', b: 'a', a: 'c' }) })
    expect(await keysOf(pages)).toEqual(['start', 'b', 'a', 'c'])
  })

  it.each([1, 2, 3, 7, 20])('that go round after %i are found', async (length) => {
    const next: Record<string, string> = { start: '0' }
    for (let i = 0; i < length; i++) next[String(i)] = String((i + 1) % length)
    const pages = serialPages({ listing, fetchPage: steps(next) })
    await expect(keysOf(pages)).rejects.toMatchObject({ code: 'contract' })
  })
})
