import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { BackupError } from '@backproof/core/errors'
import { type AccountKey, makeSas, type SasOptions } from '../azure/sas.js'
import { logTail, startDaemon } from '../process/daemon.js'
import { startGuardian } from '../process/guardian.js'
import { rotBlob } from './damage.js'
import { type AzuritePutOptions, type AzuritePutResult, upload } from './upload.js'

export interface AzuriteOptions {
  /** Folder in which the server makes a folder of its own, removed by `close()`. Default: the system's for temporary files. */
  readonly directory?: string | undefined
  /** Name of the account. Default `backproof`. */
  readonly account?: string | undefined
  /** Ends the start, leaving nothing. It has no effect afterwards. */
  readonly signal?: AbortSignal | undefined
}

/** Microsoft's Azure Storage emulator with one account, which lives until `close()`, at most as long as this process. */
export interface Azurite extends AccountKey, AsyncDisposable {
  /** The blob endpoint, with the account in its path: `http://127.0.0.1:<port>/<account>`. */
  readonly url: string
  readonly connectionString: string
  /** Folder of its state; what it printed is in `log/`. */
  readonly directory: string
  /** Process id, which leads a process group of its own. */
  readonly pid: number
  /** `access`: what anonymous clients may read. Default: nothing. */
  createContainer(name: string, access?: 'container' | 'blob'): Promise<void>
  /** Uploads as a client would. Errors are those of `@azure/storage-blob`. */
  put(container: string, name: string, bytes: Uint8Array, options?: AzuritePutOptions): Promise<AzuritePutResult>
  /** Bit rot: the stored byte at `offset` changes all its bits; ETag, Content-MD5, size and times stay. */
  rot(container: string, name: string, offset: number): Promise<void>
  /** A shared access signature made with the account's key: the query without a question mark. */
  sas(options?: SasOptions): string
  /** Ends the process and removes the folder. More calls do nothing more. */
  close(): Promise<void>
}

const READY_MS = 30_000
const NAME = 'azurite'

const require = createRequire(import.meta.url)

/** Entry of the npm package, found from here. It has no `exports`. */
const entry = (): string => join(dirname(require.resolve('azurite/package.json')), 'dist/src/blob/main.js')

/** The address that azurite prints once it listens. */
const untilListens = async (directory: string, signal: AbortSignal | undefined): Promise<string> => {
  const deadline = Date.now() + READY_MS
  for (;;) {
    signal?.throwIfAborted()
    const printed = await readFile(join(directory, 'log', `${NAME}.out`), 'utf8')
    const address = /successfully listens on (http:\/\/127\.0\.0\.1:\d+)\n/.exec(printed)?.[1]
    if (address !== undefined) return address
    if (Date.now() > deadline) {
      const tail = await logTail(directory, NAME)
      throw new BackupError({
        code: 'unavailable',
        message: `azurite does not listen after ${READY_MS / 1000} s. It printed:\n${tail}`,
      })
    }
    await sleep(20)
  }
}

/** Does what `startAzurite` promises. */
export const launchAzurite = async (options: AzuriteOptions): Promise<Azurite> => {
  const { account = 'backproof', signal } = options
  signal?.throwIfAborted()
  const key = randomBytes(64).toString('base64')
  const parent = resolve(options.directory ?? tmpdir())
  await mkdir(parent, { recursive: true })
  const directory = await mkdtemp(join(parent, 'backproof-azurite-'))
  const guardian = startGuardian(directory)
  let stop = async (): Promise<void> => undefined
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= (async () => {
      await stop()
      await rm(directory, { recursive: true, force: true, maxRetries: 5 })
      await guardian.dismiss()
    })()
    return closing
  }
  try {
    await mkdir(join(directory, 'log'))
    const where = ['--blobHost', '127.0.0.1', '--blobPort', '0', '--location', directory]
    // Without the last flag it refuses API versions that are newer than itself.
    const flags = ['--silent', '--disableTelemetry', '--skipApiVersionCheck']
    // The key is in the environment, where no list of processes shows it.
    const env = { ...process.env, AZURITE_ACCOUNTS: `${account}:${key}`, NODE_OPTIONS: '' }
    const args = ['--no-deprecation', entry(), ...where, ...flags]
    const daemon = await startDaemon(NAME, process.execPath, args, directory, env)
    stop = daemon.stop
    guardian.watch(daemon.pid)
    const url = `${await Promise.race([untilListens(directory, signal), daemon.failed])}/${account}`
    const service = new BlobServiceClient(url, new StorageSharedKeyCredential(account, key), {
      retryOptions: { maxTries: 1 },
    })
    return {
      url,
      account,
      key,
      connectionString: `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${url};`,
      directory,
      pid: daemon.pid,
      createContainer: async (name, access) => {
        await service.createContainer(name, access && { access })
      },
      put: (container, name, bytes, putOptions) => upload(service, container, name, bytes, putOptions),
      rot: (container, name, offset) => rotBlob(service, directory, container, name, offset),
      sas: (sasOptions) => makeSas({ account, key }, sasOptions),
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
