import type { BackupSource, ListOptions, ObjectEntry, ReadOptions } from '@backproof/core/source'

/** All entries of a listing. */
export const listAll = async (source: BackupSource, options?: ListOptions): Promise<readonly ObjectEntry[]> => {
  const entries: ObjectEntry[] = []
  for await (const page of source.list(options)) entries.push(...page)
  return entries
}

/** The entry of one key. */
export const entryOf = async (source: BackupSource, key: string): Promise<ObjectEntry> => {
  const entry = (await listAll(source)).find((one) => one.key === key)
  if (entry === undefined) throw new Error(`${key} is not listed.`)
  return entry
}

/** The bytes of one object. */
export const readAll = async (
  source: BackupSource,
  entry: Pick<ObjectEntry, 'ref'> & Partial<ObjectEntry>,
  options?: ReadOptions,
): Promise<Buffer> => {
  const { body } = await source.read(entry.ref, options)
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk.slice())
  return Buffer.concat(chunks)
}

/** What a promise is rejected with. */
export const failureOf = async (
  promise: Promise<unknown>,
): Promise<{ code: string; message: string; retryable: boolean }> => {
  const error: unknown = await promise.then(
    () => {
      throw new Error('It did not fail.')
    },
    (reason: unknown) => reason,
  )
  return error as { code: string; message: string; retryable: boolean }
}
