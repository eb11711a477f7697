import type { BackupErrorJson } from '@backproof/core/errors'
import { type BackupSource, escapeKey, type ObjectEntry } from '@backproof/core/source'
import type { HashItem } from './hash-items.js'

/** Pages of what a local directory lists, in the order of keys. What was left out on demand is not an item. */
export async function* itemsOfDirectory(
  source: BackupSource,
  signal: AbortSignal,
): AsyncGenerator<readonly HashItem[]> {
  // Says why when the root is no directory or cannot be reached.
  await source.describe({ signal })
  for await (const page of source.list({ signal }))
    yield page.filter(({ excluded }) => excluded === undefined).map((entry) => itemOf(source, entry))
}

/** Comparisons read these through their directories; the reader of this command opens files by path. */
const unreachable = (name: string): BackupErrorJson => ({
  code: 'unsupported',
  message: `cannot hash ${escapeKey(name)}: its path is longer than this system can open; start from a directory nearer to it`,
  operation: 'hash',
  subject: name,
})

const itemOf = (source: BackupSource, entry: ObjectEntry): HashItem => {
  const { key: name, kind, problem } = entry
  if (problem !== undefined) return { name, error: problem }
  if (kind === 'symlink') return { name, passedOver: 'a symbolic link' }
  if (kind !== 'object') return { name, passedOver: 'no ordinary file' }
  const file = source.localFile?.(entry.ref)
  return file === undefined ? { name, error: unreachable(name) } : { name, file }
}
