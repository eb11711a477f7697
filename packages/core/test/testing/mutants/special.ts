import { BackupError } from '../../../src/errors.js'
import type { BackupSource, ObjectEntry } from '../../../src/source/index.js'
import { type ConformanceHarness, type MemorySource, memorySource } from '../../../src/testing/index.js'
import { but, type Mutant } from './mutant.js'

/** A memory source as a list without bytes. */
export const withoutBytes = (memory: MemorySource): BackupSource =>
  but(memory, {
    describe: async (options) => Object.freeze({ ...(await memory.describe(options)), readCost: 'impossible' }),
    read: async () => {
      throw new BackupError({ code: 'unsupported', message: 'This is a list without bytes.' })
    },
  })

const WITHOUT_BYTES = { traits: { readCost: 'impossible' } } as const

/** A harness of memory sources that keep the entries of what was replaced as versions. */
export const versioned = (
  show: (current: readonly ObjectEntry[], old: readonly ObjectEntry[], asked: boolean) => readonly ObjectEntry[],
): Partial<ConformanceHarness> => {
  let memory = memorySource()
  let old: ObjectEntry[] = []
  return {
    open: async (content) => {
      memory = memorySource(
        content.map(({ key, bytes, linkTarget }) => [
          key,
          linkTarget === undefined ? bytes : { kind: 'symlink' as const, linkTarget },
        ]),
        { pageSize: 20 },
      )
      old = []
      const { list, describe } = memory
      return but(memory, {
        describe: async (options) => Object.freeze({ ...(await describe(options)), versions: true }),
        list: async function* ({ versions = false, ...options } = {}) {
          for await (const page of list(options)) yield show(page, old, versions)
        },
      })
    },
    replace: async (key, bytes) => {
      for await (const page of memory.list()) old.push(...page.filter((entry) => entry.key === key))
      memory.set(key, bytes)
    },
    remove: async (key) => memory.delete(key),
  }
}

/** Every page with the old versions of its keys in front of the current ones. */
export const allVersions: Parameters<typeof versioned>[0] = (current, old, asked) =>
  asked ? current.flatMap((entry) => [...old.filter(({ key }) => key === entry.key), entry]) : current

const versionMutant = (name: string, show: Parameters<typeof versioned>[0]): Mutant => ({
  name,
  caught: ['list-versions'],
  traits: { versions: true },
  harness: versioned(show),
  make: (memory) => memory,
})

export const specialMutants: readonly Mutant[] = [
  versionMutant('lists the current version only', (current) => current),
  versionMutant('lists old versions that nobody asked for', (current, old) => allVersions(current, old, true)),
  versionMutant('gives two versions one name', (current, old, asked) =>
    allVersions(current, old, asked).map((entry) => (asked ? { ...entry, version: 'v' } : entry)),
  ),
  {
    name: 'reads nothing from a list without bytes',
    caught: ['read-impossible'],
    ...WITHOUT_BYTES,
    make: (memory) => but(withoutBytes(memory), { read: memory.read }),
  },
]
