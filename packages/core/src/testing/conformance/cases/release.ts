import { getEventListeners } from 'node:events'
import type { CaseDefinition } from '../case-definition.js'
import { broken, check } from '../check.js'
import { all, always, hasBytes, readable, sequential } from '../conditions.js'
import { objectOf, patternBytes } from '../content.js'
import { checkReleases } from '../handles.js'
import { entryFor, leave, scanOf } from '../reading.js'

/** Several directories and a body of several chunks, so that leaving early leaves something open. */
const content = [objectOf('a/b/c'), objectOf('a/d'), objectOf('body', patternBytes(300_000, 4)), objectOf('z')]

export const releaseCases: readonly CaseDefinition[] = [
  {
    name: 'release-list',
    title: 'leaves nothing open when a listing is left early',
    when: always,
    run: async ({ open }) => {
      const source = await open(content)
      await checkReleases(async () => {
        const { signal } = new AbortController()
        const iterator = source.list({ signal })[Symbol.asyncIterator]()
        await iterator.next()
        await leave(iterator)
        checkListeners(signal, 'A listing that was left')
      }, 'Leaving a listing')
    },
  },
  {
    name: 'release-read',
    title: 'leaves nothing open when a body is left early',
    when: readable,
    run: async ({ open }) => {
      const source = await open(content)
      const { ref } = await entryFor(source, 'body')
      await checkReleases(async () => {
        const { signal } = new AbortController()
        const { body } = await source.read(ref, { signal })
        const iterator = body[Symbol.asyncIterator]()
        await iterator.next()
        await leave(iterator)
        checkListeners(signal, 'A body that was left')
      }, 'Leaving a body')
    },
  },
  {
    name: 'release-read-unstarted',
    title: 'leaves nothing open when a body is left before its first chunk',
    when: readable,
    run: async ({ open }) => {
      const source = await open(content)
      const { ref } = await entryFor(source, 'body')
      // A generator that never started runs no `finally`: what read() opened must be closed all the same.
      await checkReleases(async () => {
        const { body } = await source.read(ref)
        await leave(body[Symbol.asyncIterator]())
      }, 'Leaving a body before its first chunk')
    },
  },
  {
    name: 'release-aborted',
    title: 'leaves nothing open when a body is aborted',
    when: readable,
    run: async ({ open }) => {
      const source = await open(content)
      const { ref } = await entryFor(source, 'body')
      await checkReleases(async () => {
        const controller = new AbortController()
        const { body } = await source.read(ref, { signal: controller.signal })
        const iterator = body[Symbol.asyncIterator]()
        await iterator.next()
        const reason = new Error('the reason of this abort')
        controller.abort(reason)
        try {
          // Bounded: a body without end must not hang the kit.
          for (let i = 0; i < 10_000 && (await iterator.next()).done !== true; i++);
        } catch (error) {
          if (error !== reason) throw broken(`An aborted body failed with ${String(error)}.`)
        }
      }, 'Aborting a body')
    },
  },
  {
    name: 'release-scan',
    title: 'leaves nothing open when a scan is left early, also within a body',
    when: all(sequential, hasBytes),
    run: async ({ open }) => {
      const source = await open(content)
      await checkReleases(async () => {
        const { signal } = new AbortController()
        for await (const { body } of scanOf(source, { signal })) {
          const iterator = body[Symbol.asyncIterator]()
          await iterator.next()
          await leave(iterator)
          break
        }
        checkListeners(signal, 'A scan that was left')
      }, 'Leaving a scan')
    },
  },
]

const checkListeners = (signal: AbortSignal, what: string): void => {
  const left = getEventListeners(signal, 'abort').length
  check(left === 0, () => `${what} still listens to its signal (${left} listeners).`)
}
