import type { BackupSource, ObjectEntry } from '@backproof/core/source'
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

const itemOf = (source: BackupSource, entry: ObjectEntry): HashItem => {
  const { key: name, kind, problem } = entry
  if (problem !== undefined) return { name, error: problem }
  if (kind === 'symlink') return { name, passedOver: 'a symbolic link' }
  if (kind !== 'object') return { name, passedOver: 'no ordinary file' }
  return { name, file: source.localFile?.(entry.ref) }
}
