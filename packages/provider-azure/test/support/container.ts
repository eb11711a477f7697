import type { BackupSource, ListOptions, ObjectEntry } from '@backproof/core/source'
import { type AzureBlobSourceOptions, azureBlobSource } from '@backproof/provider-azure'
import type { AzureServer } from '@backproof/test-servers'

let count = 0

/** A name that no other container of this process has. */
export const freshName = (): string => {
  count += 1
  return `container-${count}`
}

/** A fresh container with these blobs; those whose names end in `/` are empty. */
export const containerWith = async (server: AzureServer, names: readonly string[]): Promise<string> => {
  const container = freshName()
  server.admin.createContainer({ name: container })
  for (const name of names) {
    await server.admin.put(container, name, Buffer.from(name.endsWith('/') ? '' : 'x'))
  }
  return container
}

/** Opens one with the account's key, unless options say otherwise; does something with it, and closes it. */
export const withContainer = async <T>(
  server: AzureServer,
  container: string,
  options: Partial<AzureBlobSourceOptions>,
  use: (source: BackupSource) => Promise<T>,
): Promise<T> => {
  const key = { accountName: server.account, accountKey: server.key }
  const access = options.client === undefined ? { url: server.url, credential: key } : {}
  const source = azureBlobSource({ container, ...access, ...options })
  try {
    return await use(source)
  } finally {
    await source[Symbol.asyncDispose]()
  }
}

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
  entry: Pick<ObjectEntry, 'ref'>,
  options?: Parameters<BackupSource['read']>[1],
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
