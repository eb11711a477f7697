import { redact } from '../../../redact.js'
import { inRange } from '../../../report/coverage.js'
import type { ObjectEntry } from '../../../source/entry.js'
import { compareKeys } from '../../../source/key.js'
import type { CaseDefinition } from '../case-definition.js'
import { broken, check, checkKeys, shown } from '../check.js'
import { checkJson, checkOrder, checkUnique } from '../check-entries.js'
import { all, always, canonicalOrder, canReplace, holds, keyOrdered } from '../conditions.js'
import { linkOf, objectOf, SIZES, sizedObjects } from '../content.js'
import { pagesOf } from '../listings.js'
import { entriesByKey, entryFor, listAll } from '../reading.js'

const few = [objectOf('a'), objectOf('b/c'), objectOf('d')]
const link = linkOf('link', 'a')

const keysOf = (pages: readonly (readonly ObjectEntry[])[]): string[] => pages.flat().map(({ key }) => key)

export const listCases: readonly CaseDefinition[] = [
  {
    name: 'list-complete',
    title: 'lists every object, over several pages, and nothing else',
    when: always,
    run: async ({ listings }) => {
      const { keys, whole } = await listings()
      checkKeys(keysOf(pagesOf(whole)), keys, 'The listing')
    },
  },
  {
    name: 'list-unique',
    title: 'lists every key once',
    when: always,
    run: async ({ listings }) => checkUnique(keysOf(pagesOf((await listings()).whole)), 'The listing'),
  },
  {
    name: 'list-order',
    title: 'lists in the order that it declares',
    when: keyOrdered,
    run: async ({ listings, traits }) => checkOrder(keysOf(pagesOf((await listings()).whole)), traits.keyOrder),
  },
  {
    name: 'list-pages',
    title: 'gives pages that are not empty',
    when: always,
    run: async ({ listings }) => {
      for (const [i, page] of pagesOf((await listings()).whole).entries()) {
        check(Array.isArray(page), () => `Page ${i} is no array.`)
        check(page.length > 0, () => `Page ${i} is empty.`)
      }
    },
  },
  {
    name: 'list-empty',
    title: 'lists nothing, without an error, where nothing is',
    when: always,
    run: async ({ open }) => {
      for await (const page of (await open([])).list()) {
        throw broken(`An empty place gave a page of ${page.length} entries.`)
      }
    },
  },
  {
    name: 'list-after',
    title: 'resumes after a key: it comes not again, and all later ones come',
    when: canonicalOrder,
    run: async ({ listings, traits }) => {
      const { keys, after } = await listings()
      for (const [start, listed] of after) {
        const found = keysOf(pagesOf(listed))
        const what = `The listing after ${shown(start)}`
        checkKeys(
          found,
          keys.filter((key) => compareKeys(key, start) > 0),
          what,
        )
        checkUnique(found, what)
        checkOrder(found, traits.keyOrder)
      }
    },
  },
  {
    name: 'list-range',
    title: 'lists every key of a range, in order',
    when: always,
    run: async ({ listings, traits }) => {
      const { keys, ranges } = await listings()
      for (const { range, listed } of ranges) {
        const found = keysOf(pagesOf(listed))
        const what = `The listing of the range from ${shown(range.from ?? '')} to ${shown(range.to ?? '')}`
        // A source may yield more than was asked for; the engine filters again.
        checkKeys(
          found.filter((key) => inRange(key, range)),
          keys.filter((key) => inRange(key, range)),
          what,
        )
        checkUnique(found, what)
        checkOrder(found, traits.keyOrder)
      }
    },
  },
  {
    name: 'list-parallel',
    title: 'gives two listings at once without disturbing either',
    when: always,
    run: async ({ listings }) => {
      const { keys, byTurns } = await listings()
      for (const listed of byTurns) {
        const found = keysOf(pagesOf(listed))
        checkKeys(found, keys, 'One of two listings at once')
        checkUnique(found, 'One of two listings at once')
      }
    },
  },
  {
    name: 'list-sizes',
    title: 'tells exact sizes, where it tells them',
    when: always,
    run: async ({ open }) => {
      const content = sizedObjects()
      const entries = await entriesByKey(await open(content))
      for (const [i, { key }] of content.entries()) {
        const size = entries.get(key)?.size
        check(size === undefined || size === SIZES[i], () => `${shown(key)} is listed with ${size} bytes.`)
      }
    },
  },
  {
    name: 'list-kinds',
    title: 'lists what can be read as objects, without a problem',
    when: always,
    run: async ({ open }) => {
      for (const { key, kind, problem, excluded, keyBytes } of await listAll(await open(few))) {
        check(kind === 'object', () => `${shown(key)} is listed as ${kind}.`)
        check(problem === undefined, () => `${shown(key)} is listed with a problem: ${problem?.message}`)
        check(excluded === undefined, () => `${shown(key)} is listed as excluded: ${excluded}.`)
        check(keyBytes === undefined, () => `${shown(key)} is UTF-8, and still has keyBytes.`)
      }
    },
  },
  {
    name: 'list-links',
    title: 'tells symbolic links with their targets, and follows none',
    when: holds([link]),
    run: async ({ open }) => {
      const { kind, linkTarget } = await entryFor(await open([objectOf('a'), link]), link.key)
      check(kind === 'symlink', () => `A symbolic link is listed as ${kind}.`)
      check(linkTarget === link.linkTarget, () => `A link to ${shown('a')} is listed with the target ${linkTarget}.`)
    },
  },
  {
    name: 'list-versions',
    title: 'lists the versions of an object when asked, and else the current one',
    when: all((traits) => traits.versions || 'the source has no versions', canReplace),
    run: async ({ harness, open }) => {
      const source = await open(few)
      await harness.replace?.('a', Buffer.from('another version'))
      const of = (entries: readonly ObjectEntry[]): (string | undefined)[] =>
        entries.filter(({ key }) => key === 'a').map(({ version }) => version)
      const versions = of(await listAll(source, { versions: true }))
      check(versions.length >= 2, () => `Of two versions, ${versions.length} are listed.`)
      check(new Set(versions).size === versions.length, () => 'Two versions have the same name.')
      check(of(await listAll(source)).length === 1, () => 'Without versions, an object is not listed exactly once.')
    },
  },
  {
    name: 'refs-json',
    title: 'gives refs that are plain JSON data',
    when: always,
    run: async ({ open }) => {
      for (const { key, ref } of await listAll(await open(few))) checkJson(ref, `The ref of ${shown(key)}`)
    },
  },
  {
    name: 'refs-secret-free',
    title: 'has no secret in what it lists',
    when: always,
    run: async ({ harness, open }) => {
      for (const entry of await listAll(await open(few))) {
        const text = JSON.stringify(entry)
        const safe = redact(text) === text && !(harness.secrets ?? []).some((secret) => text.includes(secret))
        check(safe, () => `The entry of ${shown(entry.key)} holds a secret, or a URL with a user or a query.`)
      }
    },
  },
]
