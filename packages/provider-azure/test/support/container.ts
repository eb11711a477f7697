import type { BackupSource } from '@backproof/core/source'
import { type AzureBlobSourceOptions, azureBlobSource } from '@backproof/provider-azure'
import type { AzureServer } from '@backproof/test-servers'

export { entryOf, failureOf, listAll, readAll } from '@backproof/test-servers/suites'

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
