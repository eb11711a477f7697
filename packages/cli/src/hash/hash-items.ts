import type { KnownAlgorithm } from '@backproof/core/digest'
import type { BackupErrorJson } from '@backproof/core/errors'
import { createLocalReader } from '@backproof/core/run'
import type { LocalFile } from '@backproof/core/source'

/** Something that was named or listed: a file to hash, or why it is none. */
export interface HashItem {
  /** As it is printed: the argument, or the key below the directory. */
  readonly name: string
  readonly file?: LocalFile | undefined
  readonly error?: BackupErrorJson | undefined
  /** Why it has no bytes of its own, when that is no fault: it is a symbolic link or a special file. */
  readonly passedOver?: string | undefined
}

/** What came of an item. */
export interface Hashed extends Omit<HashItem, 'file'> {
  /** Lowercase hexadecimal by algorithm. */
  readonly digests?: Readonly<Record<string, string>> | undefined
}

export interface HashOptions {
  readonly algorithms: readonly KnownAlgorithm[]
  readonly signal: AbortSignal
  readonly workers?: number | undefined
}

/** Hashes pages of items, in order. */
export async function* hashItems(
  pages: Iterable<readonly HashItem[]> | AsyncIterable<readonly HashItem[]>,
  { algorithms, signal, workers }: HashOptions,
): AsyncGenerator<readonly Hashed[]> {
  const reader = createLocalReader({ signal, ...(workers !== undefined && { workers }) })
  try {
    for await (const page of pages) {
      const files = page.flatMap(({ file }) => (file === undefined ? [] : [file]))
      const jobs = files.map((file) => ({ files: [{ file, algorithms, compareToFirst: false }] }))
      const results = (await reader.run(jobs)).values()
      yield page.map(({ file, ...item }) => {
        if (file === undefined) return item
        const [result] = results.next().value ?? []
        return { ...item, digests: result?.digests, error: result?.error }
      })
    }
  } finally {
    await reader.close()
  }
}
