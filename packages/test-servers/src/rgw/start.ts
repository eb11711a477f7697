import { BackupError, isBackupError } from '@backproof/core/errors'
import { rgwMissing } from './binaries.js'
import { type Cluster, startCluster } from './cluster.js'
import { createDamage, type Damage } from './damage.js'
import { createRados, type Rados } from './rados.js'
import type { Tool } from './tool.js'

export interface RgwOptions {
  /** Folder in which the server makes a folder of its own, removed by `close()`. Default: the system's for temporary files. */
  readonly directory?: string | undefined
  /** Where the bytes are: in the memory of a process, or in a (sparse) file. Default: `memstore`. */
  readonly store?: 'memstore' | 'bluestore' | undefined
  /** Capacity in GiB. Default: 8. */
  readonly gib?: number | undefined
  /**
   * After how many milliseconds without traffic the gateway closes a connection. A GET that runs into a lost tail
   * just stops, and the connection is open until then. Default: 5000 (Ceph's own: 65,000).
   */
  readonly idleMs?: number | undefined
  /** Ends the start, leaving nothing. It has no effect afterwards. */
  readonly signal?: AbortSignal | undefined
}

export interface RgwCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface RgwUser {
  readonly uid: string
  /** Admin capabilities as `radosgw-admin --caps` takes them, for example `buckets=*`. Default: none. */
  readonly caps?: string | undefined
}

/** A Ceph cluster of one node with an S3 endpoint, which lives until `close()`, at most as long as this process. */
export interface Rgw extends Damage, AsyncDisposable {
  /** Endpoint, path style, for example `http://127.0.0.1:40123`. */
  readonly url: string
  readonly region: string
  /** Of the user `owner`, who may create buckets and own them. */
  readonly credentials: RgwCredentials
  /** Of the user `other`, who sees nothing of `owner` unless a bucket policy says so (`arn:aws:iam:::user/other`). */
  readonly other: RgwCredentials
  /** Folder of its state: logs in `log/`. */
  readonly directory: string
  /** Process ids of monitor, OSD and gateway; each leads a process group of its own. */
  readonly pids: readonly number[]
  readonly rados: Rados
  addUser(user: RgwUser): Promise<RgwCredentials>
  /** Ends the processes and removes the folder. More calls do nothing more. */
  close(): Promise<void>
}

const STARTS = 3

/** Between choosing a free port and using it, another process may take it. The gateway then exits with EADDRINUSE (98). */
const lostItsPort = (error: unknown): boolean =>
  isBackupError(error) && /exit code 98\b|address already in use|unable to bind/i.test(error.message)

const startOnFreePorts = async (options: RgwOptions): Promise<Cluster> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startCluster(options)
    } catch (error) {
      if (attempt === STARTS || !lostItsPort(error)) throw error
    }
  }
}

const addUser = async (tool: Tool, { uid, caps }: RgwUser): Promise<RgwCredentials> => {
  const wanted = caps === undefined ? [] : [`--caps=${caps}`]
  // The command makes up the keys, so that they are in no argument list.
  const output = await tool('radosgw-admin', ['user', 'create', `--uid=${uid}`, `--display-name=${uid}`, ...wanted])
  const { keys } = JSON.parse(output.toString('utf8')) as { keys: { access_key: string; secret_key: string }[] }
  return { accessKeyId: keys[0]!.access_key, secretAccessKey: keys[0]!.secret_key }
}

/**
 * Starts Ceph's RADOS Gateway from Debian's packages: a real S3 server, as any user, without systemd, on free ports.
 * Any number may run at once. What it starts ends with this process, however that ends.
 *
 * Errors: `unsupported` when binaries are missing (see {@link rgwMissing}), `unavailable` with the end of the log
 * when a daemon ends or does not come up.
 */
export const startRgw = async (options: RgwOptions = {}): Promise<Rgw> => {
  const missing = rgwMissing()
  if (missing !== undefined) {
    throw new BackupError({
      code: 'unsupported',
      message: `Ceph is not installed: apt-get install --no-install-recommends ${missing}`,
    })
  }
  const cluster = await startOnFreePorts(options)
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= cluster.close()
    return closing
  }
  try {
    const rados = createRados(cluster.tool, cluster.directory)
    return {
      url: cluster.url,
      region: 'us-east-1',
      credentials: await addUser(cluster.tool, { uid: 'owner', caps: 'buckets=*' }),
      other: await addUser(cluster.tool, { uid: 'other' }),
      directory: cluster.directory,
      pids: cluster.pids,
      rados,
      ...createDamage(cluster.tool, rados),
      addUser: (user) => addUser(cluster.tool, user),
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
