import { setTimeout as pause } from 'node:timers/promises'
import type { JsonValue } from '../../../source/entry.js'
import type { CaseDefinition } from '../case-definition.js'
import { check, checkBytes, checkFails, shown } from '../check.js'
import { all, canRemove, randomAccess, readable } from '../conditions.js'
import { LARGE_KEY, largeObject, objectOf, patternBytes, sizedObjects } from '../content.js'
import { checkRead, collect, entriesByKey, entryFor } from '../reading.js'

const few = [objectOf('a'), objectOf('b/c')]

export const readCases: readonly CaseDefinition[] = [
  {
    name: 'read-whole',
    title: 'reads objects of all sizes, byte for byte, no more and no less',
    when: readable,
    run: async ({ open }) => {
      const content = sizedObjects()
      const source = await open(content)
      const entries = await entriesByKey(source)
      for (const object of content) await checkRead(source, entries.get(object.key)?.ref ?? null, object)
    },
  },
  {
    name: 'read-by-json-ref',
    title: 'opens an object by a ref that went through JSON',
    when: readable,
    run: async ({ open }) => {
      const source = await open(few)
      for (const object of few) {
        const { ref } = await entryFor(source, object.key)
        const copy = JSON.parse(JSON.stringify(ref)) as JsonValue
        await checkRead(source, copy, object)
        const { key } = await source.stat(copy)
        check(key === object.key, () => `stat by a ref of ${shown(object.key)} tells of ${shown(key)}.`)
      }
    },
  },
  {
    name: 'read-chunk-lifetime',
    title: 'leaves a chunk as it is until the next one is asked for',
    when: readable,
    run: async ({ harness, open }) => {
      const { bytes } = largeObject(harness)
      const source = await open([objectOf(LARGE_KEY, bytes)])
      const { body } = await source.read((await entryFor(source, LARGE_KEY)).ref)
      let offset = 0
      let waits = 0
      for await (const chunk of body) {
        const wanted = bytes.subarray(offset, offset + chunk.length)
        // Time for a source that reads ahead to overwrite what it gave out.
        if (waits++ < 20) await pause(5)
        checkBytes(chunk, wanted, `A chunk that was held, from byte ${offset} on`)
        offset += chunk.length
      }
    },
  },
  {
    name: 'read-parallel',
    title: 'gives two reads at once without disturbing either',
    when: readable,
    run: async ({ open }) => {
      const content = [patternBytes(300_000, 8), patternBytes(300_000, 9)].map((bytes, i) =>
        objectOf(`at-once-${i}`, bytes),
      )
      const source = await open(content)
      const entries = await entriesByKey(source)
      // The first object twice: one file that is opened two times must not share a position.
      const readers = await Promise.all(
        [content[0]!, content[1]!, content[0]!].map(async ({ key, bytes }) => {
          const { body } = await source.read(entries.get(key)?.ref ?? null)
          return { key, bytes, chunks: [] as Uint8Array[], iterator: body[Symbol.asyncIterator](), length: 0 }
        }),
      )
      const unfinished = new Set(readers)
      while (unfinished.size > 0) {
        for (const reader of [...unfinished]) {
          const { done, value } = await reader.iterator.next()
          if (done === true) unfinished.delete(reader)
          else reader.chunks.push(value.slice())
          reader.length += value?.length ?? 0
          check(
            reader.length <= reader.bytes.length,
            () => `${shown(reader.key)}, read with others, has too many bytes.`,
          )
        }
      }
      for (const { key, bytes, chunks } of readers)
        checkBytes(Buffer.concat(chunks), bytes, `${shown(key)}, read with others`)
    },
  },
  {
    name: 'read-gone',
    title: 'rejects reading an object that is gone with not-found',
    when: all(readable, canRemove),
    run: async ({ harness, open }) => {
      const source = await open(few)
      const { ref } = await entryFor(source, 'a')
      await harness.remove?.('a')
      await checkFails(
        async () => collect(await source.read(ref), 1_000, 'an object that is gone'),
        'Reading an object that is gone',
        ['not-found'],
      )
    },
  },
  {
    name: 'read-impossible',
    title: 'rejects reading from a list without bytes with unsupported',
    when: all(randomAccess, ({ readCost }) => readCost === 'impossible' || 'the source has bytes to read'),
    run: async ({ open }) => {
      const source = await open(few)
      const { ref } = await entryFor(source, 'a')
      await checkFails(() => source.read(ref), 'Reading from a list without bytes', ['unsupported'])
    },
  },
]
