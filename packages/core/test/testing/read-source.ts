import type { BackupSource, ListOptions, ObjectBody, ObjectEntry } from '../../src/source/index.js'

export const listAll = async (source: BackupSource, options: ListOptions = {}): Promise<ObjectEntry[]> => {
  const out: ObjectEntry[] = []
  for await (const page of source.list(options)) out.push(...page)
  return out
}

export const entryOf = async (source: BackupSource, key: string): Promise<ObjectEntry> => {
  const found = (await listAll(source)).find((entry) => entry.key === key)
  if (found === undefined) throw new Error(`${key} is not listed`)
  return found
}

/** All bytes of a body, whose chunks are copied: the source may reuse them. */
export const bytesOf = async ({ body }: ObjectBody): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}
