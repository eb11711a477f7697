import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BackupError } from '@backproof/core/errors'
import { type Daemon, logTail, startDaemon } from '../process/daemon.js'
import { startGuardian } from '../process/guardian.js'
import { cephConfig, cephKeyring, monitorAddress } from './config.js'
import { createTool, type Tool } from './tool.js'

export interface ClusterOptions {
  readonly directory?: string | undefined
  readonly store?: 'memstore' | 'bluestore' | undefined
  readonly gib?: number | undefined
  readonly idleMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Cluster {
  readonly url: string
  /** Folder of all its state; `close()` removes it. */
  readonly directory: string
  readonly pids: readonly number[]
  readonly tool: Tool
  close(): Promise<void>
}

const READY_MS = 40_000

/** Ports that were free a moment ago, all different. */
const freePorts = async (count: number): Promise<number[]> => {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Server>((done, failed) => {
          const server = createServer().once('error', failed)
          server.listen(0, '127.0.0.1', () => done(server))
        }),
    ),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  return ports
}

/** Waits until the gateway answers over HTTP, whatever it says. */
const untilAnswers = async (url: string, directory: string, signal: AbortSignal): Promise<void> => {
  const deadline = Date.now() + READY_MS
  for (;;) {
    signal.throwIfAborted()
    try {
      const response = await fetch(url, { signal })
      await response.arrayBuffer()
      return
    } catch (cause) {
      if (!signal.aborted && Date.now() > deadline) {
        const tails = await Promise.all(['client.rgw', 'osd.0', 'mon.a'].map((name) => logTail(directory, name)))
        throw new BackupError({
          code: 'unavailable',
          message: `The gateway did not answer at ${url} within ${READY_MS / 1000} s. The ends of the logs:\n${tails.join('\n--\n')}`,
          cause,
        })
      }
      await sleep(50)
    }
  }
}

/** Starts monitor, OSD and gateway in a new folder; whatever fails, nothing of them is left. */
export const startCluster = async (options: ClusterOptions): Promise<Cluster> => {
  const parent = resolve(options.directory ?? tmpdir())
  if (!/^[\w./+@:~-]+$/.test(parent)) {
    throw new BackupError({
      code: 'invalid-config',
      message: `Ceph's configuration cannot name the folder ${JSON.stringify(parent)}: take one without spaces, quotes and the like`,
    })
  }
  options.signal?.throwIfAborted()
  const [monitorPort, s3Port] = (await freePorts(2)) as [number, number]
  await mkdir(parent, { recursive: true })
  const directory = await mkdtemp(join(parent, 'backproof-rgw-'))
  const guardian = startGuardian(directory)
  const daemons: Daemon[] = []
  const starting = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, starting.signal]) : starting.signal
  const path = (name: string): string => join(directory, name)
  const close = async (): Promise<void> => {
    starting.abort()
    await Promise.all(daemons.map((daemon) => daemon.stop()))
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
    await guardian.dismiss()
  }
  const start = async (name: string, command: string, args: readonly string[]): Promise<void> => {
    const daemon = await startDaemon(name, command, ['-c', path('ceph.conf'), ...args, '-f'], directory)
    daemons.push(daemon)
    guardian.watch(daemon.pid)
  }
  /** `step`, or the end of a daemon, whichever comes first. */
  const unlessOneFails = <T>(step: Promise<T>): Promise<T> => Promise.race([step, ...daemons.map((one) => one.failed)])

  try {
    const fsid = randomUUID()
    const url = `http://127.0.0.1:${s3Port}`
    const { store = 'memstore', gib = 8, idleMs = 5000 } = options
    await Promise.all(['mon', 'osd', 'rgw', 'run', 'log'].map((name) => mkdir(path(name))))
    const config = cephConfig({ directory, fsid, monitorPort, s3Port, store, gib, idleMs })
    await writeFile(path('ceph.conf'), config, { mode: 0o600 })
    await writeFile(path('keyring'), cephKeyring(), { mode: 0o600 })
    const tool = createTool(path('ceph.conf'), signal)
    await tool('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', monitorAddress(monitorPort), path('monmap')])
    await tool('ceph-mon', ['--mkfs', '-i', 'a', '--monmap', path('monmap'), '--keyring', path('keyring')])
    await start('mon.a', 'ceph-mon', ['-i', 'a'])
    const osd = randomUUID()
    await unlessOneFails(tool('ceph', ['osd', 'new', osd]))
    await unlessOneFails(tool('ceph-osd', ['-i', '0', '--mkfs', '--osd-uuid', osd]))
    await start('osd.0', 'ceph-osd', ['-i', '0'])
    await start('client.rgw', 'radosgw', ['-n', 'client.rgw'])
    await unlessOneFails(untilAnswers(url, directory, signal))
    return { url, directory, pids: daemons.map((daemon) => daemon.pid), tool: createTool(path('ceph.conf')), close }
  } catch (error) {
    await close()
    throw error
  }
}
