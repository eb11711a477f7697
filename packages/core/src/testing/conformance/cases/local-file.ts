import { readFile, stat } from 'node:fs/promises'
import type { BackupSource, LocalFile, LocalPin } from '../../../source/backup-source.js'
import type { JsonValue } from '../../../source/entry.js'
import type { CaseDefinition } from '../case-definition.js'
import { broken, check, checkBytes, shown } from '../check.js'
import { all, canRemove, offers, readable } from '../conditions.js'
import { objectOf, sizedObjects } from '../content.js'
import { entriesByKey, entryFor } from '../reading.js'

const PIN_MEMBERS: readonly (keyof LocalPin)[] = ['size', 'mtimeMs', 'ctimeMs', 'ino', 'dev']

const localFile = (source: BackupSource, ref: JsonValue, key: string): LocalFile => {
  const file = source.localFile?.(ref)
  if (file === undefined) throw broken(`localFile gives no file for ${shown(key)}.`)
  return file
}

export const localFileCases: readonly CaseDefinition[] = [
  {
    name: 'local-file',
    title: 'gives the path of a file with the bytes of the object, and the state that it has',
    when: all(readable, offers('localFile')),
    run: async ({ open }) => {
      const content = sizedObjects()
      const source = await open(content)
      const entries = await entriesByKey(source)
      for (const { key, bytes } of content) {
        const { path, pin } = localFile(source, entries.get(key)?.ref ?? null, key)
        const kernelPath = typeof path === 'string' ? path : Buffer.from(path)
        checkBytes(await readFile(kernelPath), bytes, `The local file of ${shown(key)}`)
        const stats = await stat(kernelPath)
        for (const member of PIN_MEMBERS) {
          check(
            pin[member] === stats[member],
            () => `The pin of ${shown(key)} has ${member} ${pin[member]}; the file has ${stats[member]}.`,
          )
        }
      }
    },
  },
  {
    name: 'local-file-untouched',
    title: 'tells a local file without looking at the disk',
    when: all(readable, offers('localFile'), canRemove),
    run: async ({ harness, open }) => {
      const source = await open([objectOf('a'), objectOf('b')])
      const { ref } = await entryFor(source, 'a')
      const before = JSON.stringify(localFile(source, ref, 'a'))
      await harness.remove?.('a')
      const after = JSON.stringify(localFile(source, ref, 'a'))
      check(before === after, () => `localFile gave ${before}, and ${after} once the file was gone.`)
    },
  },
]
