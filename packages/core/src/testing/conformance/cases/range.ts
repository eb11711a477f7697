import type { ByteRange } from '../../../source/backup-source.js'
import type { CaseDefinition } from '../case-definition.js'
import { check, checkBytes, checkFails } from '../check.js'
import { all, rangeReads, readable } from '../conditions.js'
import { objectOf, patternBytes } from '../content.js'
import { collect, entryFor } from '../reading.js'

const RANGED = objectOf('ranged', patternBytes(200_000, 5))

export const rangeCases: readonly CaseDefinition[] = [
  {
    name: 'range-bytes',
    title: 'reads exactly the bytes of a range: first, last, in the middle, over the ends of buffers, all',
    when: all(readable, rangeReads),
    run: async ({ open }) => {
      const { key, bytes } = RANGED
      const source = await open([RANGED])
      const { ref } = await entryFor(source, key)
      const size = bytes.length
      for (const [start, end] of [
        [0, 1],
        [size - 1, size],
        [1, 2],
        [65_535, 65_537],
        [65_536, 131_072],
        [1_000, 150_001],
        [0, size],
      ] as const) {
        const what = `The range ${start} to ${end}`
        const opened = await source.read(ref, { range: { start, end } })
        checkRange(opened.range, { start, end })
        checkBytes(await collect(opened, end - start, what), bytes.subarray(start, end), what)
        check(
          opened.info.size === undefined || opened.info.size === size,
          () => `${what}: info tells ${opened.info.size} bytes.`,
        )
      }
    },
  },
  {
    name: 'range-empty',
    title: 'reads no bytes from a range that is empty',
    when: all(readable, rangeReads),
    run: async ({ open }) => {
      const source = await open([RANGED])
      const { ref } = await entryFor(source, RANGED.key)
      for (const at of [0, 5, RANGED.bytes.length]) {
        const opened = await source.read(ref, { range: { start: at, end: at } })
        checkRange(opened.range, { start: at, end: at })
        await collect(opened, 0, `The empty range at ${at}`)
      }
    },
  },
  {
    name: 'range-beyond',
    title: 'fails for a range that goes beyond the end, and does not just end',
    when: all(readable, rangeReads),
    run: async ({ open }) => {
      const source = await open([RANGED])
      const { ref } = await entryFor(source, RANGED.key)
      const size = RANGED.bytes.length
      for (const range of [
        { start: size - 10, end: size + 1 },
        { start: size + 1, end: size + 2 },
      ]) {
        const what = `The range ${range.start} to ${range.end} of ${size} bytes`
        await checkFails(async () => collect(await source.read(ref, { range }), 100, what), what)
      }
    },
  },
]

const checkRange = (told: ByteRange | undefined, { start, end }: ByteRange): void =>
  check(
    told?.start === start && told.end === end,
    () => `The range ${start} to ${end} was asked for; ${JSON.stringify(told)} is told as served.`,
  )
