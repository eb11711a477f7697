import type { BackupSource } from '../../../source/backup-source.js'
import type { CaseDefinition } from '../case-definition.js'
import { broken, check, checkAborts, checkReason, settle, within } from '../check.js'
import { all, always, hasBytes, randomAccess, readable, sequential } from '../conditions.js'
import { LARGE_KEY, largeObject, manyObjects, objectOf } from '../content.js'
import { collect, entryFor, leave, listAll, scanOf } from '../reading.js'

/** More items than any buffer holds. */
const MOST = 100_000

const few = [objectOf('a'), objectOf('b/c')]

const aborted = (): { signal: AbortSignal; reason: Error } => {
  const reason = new Error('the reason of this abort')
  return { signal: AbortSignal.abort(reason), reason }
}

/** Takes one item, aborts, and expects the rest to reject with the reason. `whole`: whether that one item was all. */
const checkAbortedMidway = async <T>(
  items: (signal: AbortSignal) => Promise<AsyncIterable<T>> | AsyncIterable<T>,
  whole: (first: T) => boolean,
  ms: number,
  what: string,
): Promise<void> => {
  const controller = new AbortController()
  const reason = new Error('the reason of this abort')
  const iterator = (await items(controller.signal))[Symbol.asyncIterator]()
  const first = await iterator.next()
  if (first.done === true) throw broken(`${what} gave nothing.`)
  const complete = whole(first.value)
  controller.abort(reason)
  const rest = async (): Promise<void> => {
    // What lies in buffers may still come; the end may not, and not more than was there.
    for (let count = 0; (await iterator.next()).done !== true; count++) {
      if (count > MOST) throw broken(`${what} went on without end although its signal was aborted.`)
    }
  }
  const settled = await within(settle(rest()), ms, `${what}, when aborted,`)
  await leave(iterator)
  if ('error' in settled) checkReason(settled.error, reason, what)
  else check(complete, () => `${what} went on to its end although its signal was aborted.`)
}

export const abortCases: readonly CaseDefinition[] = [
  {
    name: 'abort-describe',
    title: 'rejects describe with the reason of a signal that is aborted',
    when: always,
    run: async ({ open, promptMs }) => {
      const source = await open(few)
      const { signal, reason } = aborted()
      await checkAborts(() => source.describe({ signal }), reason, promptMs, 'describe')
    },
  },
  {
    name: 'abort-list-before',
    title: 'rejects a listing with the reason of a signal that is aborted',
    when: always,
    run: async ({ open, promptMs }) => {
      const source = await open(few)
      const { signal, reason } = aborted()
      await checkAborts(() => listAll(source, { signal }), reason, promptMs, 'list')
    },
  },
  {
    name: 'abort-list-during',
    title: 'ends a listing with the reason when its signal aborts between pages',
    when: always,
    run: async ({ harness, open, promptMs }) => {
      const content = manyObjects(harness)
      const source = await open(content)
      await checkAbortedMidway(
        (signal) => source.list({ signal }),
        (page) => page.length === content.length,
        promptMs,
        'list',
      )
    },
  },
  {
    name: 'abort-stat',
    title: 'rejects stat with the reason of a signal that is aborted',
    when: randomAccess,
    run: async ({ open, promptMs }) => {
      const source = await open(few)
      const { ref } = await entryFor(source, 'a')
      const { signal, reason } = aborted()
      await checkAborts(() => source.stat(ref, { signal }), reason, promptMs, 'stat')
    },
  },
  {
    name: 'abort-read-before',
    title: 'rejects read with the reason of a signal that is aborted',
    when: readable,
    run: async ({ open, promptMs }) => {
      const source = await open(few)
      const { ref } = await entryFor(source, 'a')
      const { signal, reason } = aborted()
      const read = async (): Promise<unknown> => collect(await source.read(ref, { signal }), 1_000, 'read')
      await checkAborts(read, reason, promptMs, 'read')
    },
  },
  {
    name: 'abort-read-during',
    title: 'ends a body with the reason when its signal aborts between chunks',
    when: readable,
    run: async ({ harness, open, promptMs }) => {
      const large = largeObject(harness)
      const source = await open([large])
      const { ref } = await entryFor(source, LARGE_KEY)
      await checkAbortedMidway(
        async (signal) => (await source.read(ref, { signal })).body,
        (chunk) => chunk.length === large.bytes.length,
        promptMs,
        'The body of read',
      )
    },
  },
  {
    name: 'abort-scan-before',
    title: 'rejects a scan with the reason of a signal that is aborted',
    when: sequential,
    run: async ({ open, promptMs }) => {
      const source = await open(few)
      const { signal, reason } = aborted()
      await checkAborts(() => scanThrough(source, signal), reason, promptMs, 'scan')
    },
  },
  {
    name: 'abort-scan-during',
    title: 'ends a scan with the reason when its signal aborts between entries',
    when: sequential,
    run: async ({ harness, open, promptMs }) => {
      const source = await open(manyObjects(harness))
      await checkAbortedMidway(
        (signal) => scanOf(source, { signal }),
        () => false,
        promptMs,
        'scan',
      )
    },
  },
  {
    name: 'abort-scan-body',
    title: 'ends a scanned body with the reason when its signal aborts between chunks',
    when: all(sequential, hasBytes),
    run: async ({ harness, open, promptMs }) => {
      const large = largeObject(harness)
      const source = await open([large])
      const bodies = async function* (signal: AbortSignal): AsyncGenerator<Uint8Array> {
        for await (const { body } of scanOf(source, { signal })) yield* body
      }
      await checkAbortedMidway(bodies, (chunk) => chunk.length === large.bytes.length, promptMs, 'A body of scan')
    },
  },
]

const scanThrough = async (source: BackupSource, signal: AbortSignal): Promise<void> => {
  for await (const _ of scanOf(source, { signal }));
}
