import type { BackupSource } from '../source/index.js'
import type { Lifetime } from './lifetime.js'

/** A source that is always to be closed: it may have a client of its own, with open connections. */
export interface StoreSource extends BackupSource {
  preflight: NonNullable<BackupSource['preflight']>
  [Symbol.asyncDispose](): Promise<void>
}

/** One source's way to its service, as far as {@link storeSource} needs it. */
export interface StoreConnection extends Lifetime {
  /** Of the source. */
  readonly uri: string
}

/** What a provider does, each given its connection first. */
export interface StoreDriver<Connection extends StoreConnection> {
  readonly describe: (
    connection: Connection,
    ...call: Parameters<BackupSource['describe']>
  ) => ReturnType<BackupSource['describe']>
  readonly list: (
    connection: Connection,
    call: NonNullable<Parameters<BackupSource['list']>[0]>,
  ) => ReturnType<BackupSource['list']>
  readonly stat: (connection: Connection, ...call: Parameters<BackupSource['stat']>) => ReturnType<BackupSource['stat']>
  readonly read: (connection: Connection, ...call: Parameters<BackupSource['read']>) => ReturnType<BackupSource['read']>
  readonly preflight: (
    connection: Connection,
    ...call: Parameters<StoreSource['preflight']>
  ) => ReturnType<StoreSource['preflight']>
}

/** The source of a driver over a connection: every call rejects once it was disposed of, and listings end on abort. */
export const storeSource = <Connection extends StoreConnection>(
  connection: Connection,
  { describe, list, stat, read, preflight }: StoreDriver<Connection>,
): StoreSource =>
  Object.freeze({
    specVersion: 'v1',
    uri: connection.uri,
    async describe(call) {
      connection.checkOpen()
      return describe(connection, call)
    },
    async *list(call = {}) {
      call.signal?.throwIfAborted()
      connection.checkOpen()
      for await (const page of list(connection, call)) {
        connection.checkOpen()
        yield page
        call.signal?.throwIfAborted()
      }
    },
    async stat(ref, call) {
      connection.checkOpen()
      return stat(connection, ref, call)
    },
    async read(ref, call) {
      connection.checkOpen()
      return read(connection, ref, call)
    },
    async preflight(call) {
      call?.signal?.throwIfAborted()
      connection.checkOpen()
      return preflight(connection, call)
    },
    async [Symbol.asyncDispose]() {
      connection.close()
    },
  } satisfies StoreSource)
