import type { BackupSource, ObjectBody } from '../../../source/backup-source.js'
import type { CaseDefinition } from '../case-definition.js'
import { check, checkBytes, checkKeys, shown } from '../check.js'
import { checkUnique } from '../check-entries.js'
import { all, hasBytes, sequential } from '../conditions.js'
import { manyObjects, sizedObjects } from '../content.js'
import { collect, listAll, scanOf } from '../reading.js'
import type { ConformanceObject } from '../types.js'

/** The keys that a scan yields, at most `limit`, with something done to each. */
const scanKeys = async (
  source: BackupSource,
  limit: number,
  visit?: (opened: ObjectBody, index: number) => Promise<void>,
): Promise<string[]> => {
  const keys: string[] = []
  for await (const opened of scanOf(source)) {
    check(keys.length < limit, () => `The scan goes on after ${limit} entries; there are not half as many.`)
    await visit?.(opened, keys.length)
    keys.push(opened.info.key)
  }
  return keys
}

const bytesByKey = (content: readonly ConformanceObject[]): ReadonlyMap<string, Uint8Array> =>
  new Map(content.map(({ key, bytes }) => [key, bytes]))

const checkBody = async (opened: ObjectBody, content: ReadonlyMap<string, Uint8Array>): Promise<void> => {
  const { key, size } = opened.info
  const bytes = content.get(key)
  check(bytes !== undefined, () => `The scan holds ${shown(key)}, which should not be there.`)
  check(size === undefined || size === bytes.length, () => `The scan tells ${size} bytes of ${shown(key)}.`)
  checkBytes(await collect(opened, bytes.length, shown(key)), bytes, `Scanning ${shown(key)}`)
}

export const scanCases: readonly CaseDefinition[] = [
  {
    name: 'scan-complete',
    title: 'scans every object, and nothing else',
    when: sequential,
    run: async ({ harness, open }) => {
      const wanted = manyObjects(harness).map(({ key }) => key)
      const source = await open(manyObjects(harness))
      checkKeys(await scanKeys(source, wanted.length * 2), wanted, 'The scan')
    },
  },
  {
    name: 'scan-unique',
    title: 'scans every object once',
    when: sequential,
    run: async ({ harness, open }) => {
      const content = manyObjects(harness)
      checkUnique(await scanKeys(await open(content), content.length * 2), 'The scan')
    },
  },
  {
    name: 'scan-bytes',
    title: 'scans objects of all sizes, byte for byte',
    when: all(sequential, hasBytes),
    run: async ({ open }) => {
      const content = sizedObjects()
      const bytes = bytesByKey(content)
      const keys = await scanKeys(await open(content), content.length * 2, (opened) => checkBody(opened, bytes))
      checkKeys(keys, [...bytes.keys()], 'The scan')
    },
  },
  {
    name: 'scan-skipping',
    title: 'scans on after a body that was not read, or not to its end',
    when: all(sequential, hasBytes),
    run: async ({ harness, open }) => {
      const content = [...sizedObjects(), ...manyObjects({ ...harness, manyObjects: 30 })]
      const bytes = bytesByKey(content)
      const source = await open(content)
      for (const offset of [0, 1, 2]) {
        const keys = await scanKeys(source, content.length * 2, async (opened, index) => {
          const turn = (index + offset) % 3
          if (turn === 0) await checkBody(opened, bytes)
          // The first chunk, and no more.
          if (turn === 1) for await (const _ of opened.body) break
        })
        checkUnique(keys, 'A scan that skips bodies')
        checkKeys(keys, [...bytes.keys()], 'A scan that skips bodies')
      }
    },
  },
  {
    name: 'scan-agrees',
    title: 'scans and lists the same',
    when: sequential,
    run: async ({ open }) => {
      const source = await open(sizedObjects())
      const listed = new Map((await listAll(source)).map((entry) => [entry.key, entry]))
      const keys = await scanKeys(source, listed.size * 2 + 2, async ({ info }) => {
        const entry = listed.get(info.key)
        for (const member of ['kind', 'size', 'version', 'modified', 'linkTarget'] as const) {
          check(
            entry?.[member] === undefined || entry[member] === info[member],
            () => `${shown(info.key)}: ${member} is ${entry?.[member]} in the listing, ${info[member]} in the scan.`,
          )
        }
      })
      checkKeys(keys, [...listed.keys()], 'The scan')
    },
  },
]
