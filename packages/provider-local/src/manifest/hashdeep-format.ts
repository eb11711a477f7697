import type { Algorithm } from '@backproof/core/digest'
import { escapeKey, type ObjectEntry } from '@backproof/core/source'
import { placeOf } from '../entry.js'
import { invalidConfig } from '../errors.js'
import { type HashdeepColumns, parseHashdeepLine } from './hashdeep-line.js'
import { entryOfRecord, recordOfRef } from './manifest-record.js'
import type { ManifestFormat } from './manifest-source.js'
import { relativeName } from './relative-name.js'
import { textLines } from './text-lines.js'

/** What `hashdeep` writes: sizes and several digests, in any order. `root` as for checksum files. */
export const hashdeepFormat = (path: string, root: string): ManifestFormat => ({
  keyOrder: 'none',
  algorithms: async (signal) => {
    const seen: Algorithm[] = []
    for await (const page of readHashdeep(path, root, signal)) {
      seen.push(...(page[0]?.digests?.map(({ algorithm }) => algorithm) ?? []))
      break
    }
    return seen
  },
  list: ({ signal }) => readHashdeep(path, root, signal),
  entryOfRef: (ref) => entryOfRecord(recordOfRef(ref)),
})

async function* readHashdeep(
  path: string,
  root: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly ObjectEntry[]> {
  let columns: HashdeepColumns | undefined
  const shown = escapeKey(path)
  let number = 0
  for await (const lines of textLines(path, 'hashdeep file', signal)) {
    const page: ObjectEntry[] = []
    for (const line of lines) {
      number += 1
      const row = parseHashdeepLine(line, columns)
      if (row === undefined) continue
      const where = `Line ${number} of ${shown}`
      if ('malformed' in row)
        throw invalidConfig(
          `${where} is no line of a hashdeep file: ${row.malformed}. (hashdeep breaks a name at its newlines; other formats do not.)`,
          path,
        )
      if ('columns' in row) {
        columns = row.columns
        continue
      }
      const { size, digests, name } = row.file
      const { key, keyBytes } = placeOf(relativeName(name, { root, path }, where))
      const bytes = keyBytes === undefined ? {} : { keyBytes: Buffer.from(keyBytes).toString('hex') }
      page.push(entryOfRecord({ key, ...bytes, kind: 'object', size, digests }))
    }
    if (page.length > 0) yield page
  }
  if (columns === undefined)
    throw invalidConfig(`${escapeKey(path)} has no line with the names of its columns: this is no hashdeep file.`, path)
}
