import type { BackupSource } from '../../../source/backup-source.js'
import type { ObjectEntry } from '../../../source/entry.js'
import { keyToBytes } from '../../../source/key.js'
import type { Bench, CaseDefinition } from '../case-definition.js'
import { check, checkBytes, checkKeys, shown } from '../check.js'
import { checkOrder, checkUnique } from '../check-entries.js'
import { holds } from '../conditions.js'
import { HOSTILE_GROUPS } from '../hostile-keys.js'
import { checkRead, collect, listAll, scanOf } from '../reading.js'
import type { ConformanceObject } from '../types.js'

export const hostileKeyCases: readonly CaseDefinition[] = HOSTILE_GROUPS.map(({ name, title, objects }) => ({
  name: `key-${name}`,
  title,
  when: holds(objects),
  run: (bench) => checkHostile(bench, objects),
}))

const checkHostile = async ({ traits, open }: Bench, objects: readonly ConformanceObject[]): Promise<void> => {
  const source = await open(objects)
  const entries = await listAll(source)
  const keys = entries.map(({ key }) => key)
  checkUnique(keys, 'The listing')
  checkKeys(
    keys,
    objects.map(({ key }) => key),
    'The listing',
  )
  checkOrder(keys, traits.keyOrder)
  for (const entry of entries) checkKeyBytes(entry)
  if (traits.readCost === 'impossible') return
  if (traits.access === 'sequential') await checkScanned(source, objects)
  else await checkOpened(source, entries, objects)
}

const checkKeyBytes = ({ key, keyBytes }: ObjectEntry): void => {
  if (key.isWellFormed()) {
    check(keyBytes === undefined, () => `${shown(key)} is UTF-8, and still has keyBytes.`)
    return
  }
  if (keyBytes === undefined) check(false, () => `${shown(key)} is not UTF-8, and has no keyBytes.`)
  else checkBytes(keyBytes, keyToBytes(key), `keyBytes of ${shown(key)}`)
}

const checkOpened = async (
  source: BackupSource,
  entries: readonly ObjectEntry[],
  objects: readonly ConformanceObject[],
): Promise<void> => {
  const refs = new Map(entries.map(({ key, ref }) => [key, ref]))
  for (const object of objects) {
    const ref = refs.get(object.key)!
    const info = await source.stat(ref)
    check(info.key === object.key, () => `stat of ${shown(object.key)} tells of ${shown(info.key)}.`)
    await checkRead(source, ref, object)
  }
}

const checkScanned = async (source: BackupSource, objects: readonly ConformanceObject[]): Promise<void> => {
  const content = new Map(objects.map(({ key, bytes }) => [key, bytes]))
  const seen: string[] = []
  for await (const opened of scanOf(source)) {
    const { key } = opened.info
    const bytes = content.get(key)
    check(bytes !== undefined, () => `The scan holds ${shown(key)}, which should not be there.`)
    checkBytes(await collect(opened, bytes.length, shown(key)), bytes, `Scanning ${shown(key)}`)
    seen.push(key)
  }
  checkKeys(seen, [...content.keys()], 'The scan')
}
