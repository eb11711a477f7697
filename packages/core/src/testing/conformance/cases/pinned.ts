import { setTimeout as pause } from 'node:timers/promises'
import { isBackupError } from '../../../errors.js'
import type { ObjectBody } from '../../../source/backup-source.js'
import type { CaseDefinition } from '../case-definition.js'
import { broken, checkBytes } from '../check.js'
import { all, canReplace, pinned, readable } from '../conditions.js'
import { LARGE_KEY, largeObject, objectOf, patternBytes } from '../content.js'
import { collect, entryFor } from '../reading.js'

/** Clocks of file systems move in steps of some milliseconds; a replacement within one step cannot be told. */
const STEP_MS = 25

const WHEN = all(readable, pinned, canReplace)

/** The bytes must be the old ones to the last, or end with `changed`. */
const checkOldOrChanged = async (read: () => Promise<Uint8Array>, old: Uint8Array, what: string): Promise<void> => {
  let found: Uint8Array
  try {
    found = await read()
  } catch (error) {
    if (isBackupError(error) && error.code === 'changed') return
    if (isBackupError(error) && error.code === 'contract') throw error
    throw broken(`${what} failed with ${String(error)}; that must be the code changed.`)
  }
  checkBytes(found, old, `${what} ended without changed, with bytes that are not the old ones`)
}

export const pinnedCases: readonly CaseDefinition[] = [
  {
    name: 'pinned-since-listing',
    title: 'reads the version that was listed, or says changed',
    when: WHEN,
    run: async ({ harness, open }) => {
      const [old, replacement] = [patternBytes(1_000, 1), patternBytes(1_000, 2)]
      const source = await open([objectOf('a', old)])
      const { ref } = await entryFor(source, 'a')
      await pause(STEP_MS)
      await harness.replace?.('a', replacement)
      const read = async (): Promise<Uint8Array> => collect(await source.read(ref), 1_000, 'Reading')
      await checkOldOrChanged(read, old, 'Reading what was replaced after it was listed')
    },
  },
  {
    name: 'pinned-while-reading',
    title: 'reads one version to the end, or says changed: never a mixture',
    when: WHEN,
    run: async ({ harness, open }) => {
      const { bytes: old } = largeObject(harness)
      const source = await open([objectOf(LARGE_KEY, old)])
      const opened = await source.read((await entryFor(source, LARGE_KEY)).ref)
      await pause(STEP_MS)
      const read = async (): Promise<Uint8Array> =>
        collect(
          replacedAfterFirst(opened, async () => harness.replace?.(LARGE_KEY, patternBytes(old.length, 3))),
          old.length,
          'Reading',
        )
      await checkOldOrChanged(read, old, 'Reading what was replaced meanwhile')
    },
  },
]

/** The body, with something done once its first chunk is out. */
const replacedAfterFirst = (opened: ObjectBody, replace: () => Promise<void>): ObjectBody => ({
  ...opened,
  body: (async function* () {
    let first = true
    for await (const chunk of opened.body) {
      yield chunk
      if (first) await replace()
      first = false
    }
  })(),
})
