import { isBackupError } from '../../../errors.js'
import type { CaseDefinition } from '../case-definition.js'
import { check, checkFails, settle } from '../check.js'
import { all, offers, readable, sequential } from '../conditions.js'
import { LARGE_KEY, largeObject, manyObjects, objectOf } from '../content.js'
import { entryFor, scanOf } from '../reading.js'

const few = [objectOf('a'), objectOf('b/c')]

export const disposeCases: readonly CaseDefinition[] = [
  {
    name: 'dispose-ends',
    title: 'rejects every call after it was disposed of',
    when: offers('dispose'),
    run: async ({ traits, open, dispose }) => {
      const source = await open(few)
      const { ref } = await entryFor(source, 'a')
      await dispose(source)
      await checkFails(() => source.describe(), 'describe after disposing')
      await checkFails(() => source.list()[Symbol.asyncIterator]().next(), 'list after disposing')
      if (source.scan !== undefined) {
        const scan = source.scan.bind(source)
        await checkFails(() => scan()[Symbol.asyncIterator]().next(), 'scan after disposing')
      }
      if (traits.access === 'sequential') return
      await checkFails(() => source.stat(ref), 'stat after disposing')
      await checkFails(() => source.read(ref), 'read after disposing')
    },
  },
  {
    name: 'dispose-twice',
    title: 'can be disposed of twice',
    when: offers('dispose'),
    run: async ({ open, dispose }) => {
      const source = await open(few)
      await dispose(source)
      await dispose(source)
    },
  },
  {
    name: 'dispose-during-list',
    title: 'ends a listing with an error when it is disposed of meanwhile, unless all comes',
    when: offers('dispose'),
    run: async ({ harness, open, dispose, listings }) => {
      const content = manyObjects(harness)
      const { whole } = await listings()
      // A listing that is wrong anyhow is told by other cases.
      const wanted = 'pages' in whole ? whole.pages.flat().length : content.length
      const source = await open(content)
      const count = await countAcross(
        source.list(),
        (page) => page.length,
        () => dispose(source),
        content.length,
      )
      checkAll(count, wanted, 'A listing')
    },
  },
  {
    name: 'dispose-during-read',
    title: 'ends a body with an error when its source is disposed of, unless all bytes come',
    when: all(offers('dispose'), readable),
    run: async ({ harness, open, dispose }) => {
      const large = largeObject(harness)
      const source = await open([large])
      const { body } = await source.read((await entryFor(source, LARGE_KEY)).ref)
      const count = await countAcross(
        body,
        (chunk) => chunk.length,
        () => dispose(source),
        large.bytes.length,
      )
      checkAll(count, large.bytes.length, 'A body')
    },
  },
  {
    name: 'dispose-during-scan',
    title: 'ends a scan with an error when it is disposed of meanwhile, unless all comes',
    when: all(offers('dispose'), sequential),
    run: async ({ harness, open, dispose }) => {
      const content = manyObjects(harness)
      const source = await open(content)
      const count = await countAcross(
        scanOf(source),
        () => 1,
        () => dispose(source),
        content.length,
      )
      checkAll(count, content.length, 'A scan')
    },
  },
]

/** What comes, at most `limit` and a bit, when something is done after the first item; `undefined` when it ended with an error. */
const countAcross = async <T>(
  items: AsyncIterable<T>,
  measure: (item: T) => number,
  after: () => Promise<void>,
  limit: number,
): Promise<number | undefined> => {
  const iterator = items[Symbol.asyncIterator]()
  let count = 0
  const rest = async (): Promise<void> => {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      count += measure(next.value)
      if (count > limit) return
    }
  }
  const first = await iterator.next()
  if (first.done === true) return count
  count += measure(first.value)
  await after()
  const settled = await settle(rest())
  if (!('error' in settled)) return count
  const { error } = settled
  check(isBackupError(error), () => `Disposing ended an iteration with ${String(error)}, which is no BackupError.`)
  return undefined
}

const checkAll = (count: number | undefined, wanted: number, what: string): void =>
  check(
    count === undefined || count >= wanted,
    () => `${what} just ended when its source was disposed of: ${count} of ${wanted} came, and no error.`,
  )
