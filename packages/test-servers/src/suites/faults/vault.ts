import { randomBytes } from 'node:crypto'
import { type CompareOptions, compare } from '@backproof/core/compare'
import type { RetryOptions } from '@backproof/core/run'
import { type BackupSource, compareKeys } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { verify } from '@backproof/core/verify'
import type { Fault, FaultRequest } from '../../http/faults.js'
import type { FaultPlatform, PlaceOptions } from './platform.js'
import { createOutputs, type Outputs, writings } from './secrets.js'
import { type Told, toldBy } from './told.js'
import { type Traffic, watchTraffic } from './traffic.js'

/** A bucket with one object of each kind, a copy of them that is right, and all that is said of them. */
export interface Vault<Options = unknown> extends AsyncDisposable {
  readonly platform: FaultPlatform<Options>
  /** In the order of keys. */
  readonly files: ReadonlyMap<string, Buffer>
  /** Each key with `match`. */
  readonly allMatch: Readonly<Record<string, string>>
  readonly outputs: Outputs
  readonly traffic: Traffic
  /** Cases in whose output a secret is. */
  leaks(): readonly string[]
  /** Makes a value one of the secrets. */
  keepSecret(name: string, value: string | Uint8Array): void
  open(options?: PlaceOptions<Options>): BackupSource & AsyncDisposable
  /** Faults of chosen requests, until the next call. Gives how many there were. */
  fault(rule?: Rule): () => number
  compare(where: string, options?: VaultRun<Options>): Promise<Told>
  verify(where: string, options?: VaultRun<Options>): Promise<Told>
}

export interface Rule {
  /** Default: any. */
  readonly operation?: string | undefined
  /** Default: any. */
  readonly bucket?: string | undefined
  /** Default: any. */
  readonly key?: string | undefined
  /** Requests that pass first. Default 0. */
  readonly after?: number | undefined
  /** How many fail. Default: all that follow. */
  readonly times?: number | undefined
  readonly fault: Fault | ((request: FaultRequest) => Fault | undefined)
}

export interface VaultRun<Options = unknown> extends Pick<Partial<CompareOptions>, 'signal' | 'concurrency'> {
  /** Default: what the platform proves without reading. */
  readonly require?: 'read' | 'stored' | 'claimed' | 'size' | undefined
  readonly at?: PlaceOptions<Options> | undefined
  readonly retry?: RetryOptions | undefined
  /** What the bucket is compared with. Default: a right copy of the vault. */
  readonly copy?: BackupSource | undefined
}

/** The bucket of {@link KEYS}. */
export const BUCKET = 'vault'

/** Keys of every vault. Those of the platform lie between the first two; what faults do not hit must always match. */
export const KEYS = { first: 'a/first', plain: 'd/plain', last: 'e/last' } as const

/** Bytes of `d/plain`, and of every other object that faults hit. */
export const SIZE = 200_000

/** Retries without the waits. */
export const QUICK: RetryOptions = { attempts: 3, baseDelayMs: 1, maxDelayMs: 5 }

export const openVault = async <Options>(platform: FaultPlatform<Options>): Promise<Vault<Options>> => {
  const traffic = watchTraffic(platform.secrets.signatures)
  const outputs = createOutputs(platform.secrets)
  const files = await fillVault(platform)
  const copy = memorySource(files)
  const secrets = new Map<string, string>()
  const keepSecret = (name: string, value: string | Uint8Array): void => {
    for (const [writing, text] of writings(name, value)) secrets.set(writing, text)
  }
  for (const [name, value] of Object.entries(platform.secrets.values)) keepSecret(`the ${name}`, value)

  const open = (options: PlaceOptions<Options> = {}): BackupSource & AsyncDisposable =>
    platform.open({ bucket: BUCKET, requestTimeoutMs: 10_000, ...options })

  const runOf = async (
    where: string,
    { at, copy: other = copy, retry = QUICK, require = platform.proves, ...options }: VaultRun<Options>,
    engine: 'compare' | 'verify',
  ): Promise<Told> => {
    await using source = open(at)
    outputs.add(where, source.uri)
    const run =
      engine === 'compare'
        ? compare({ source: other, replicas: [source], retry, require, ...options })
        : verify({ source, retry, require, ...options })
    return await toldBy(where, run, outputs)
  }

  return {
    platform,
    files,
    allMatch: Object.fromEntries([...files.keys()].map((key) => [key, 'match'])),
    outputs,
    traffic,
    leaks: () => outputs.leaks(secrets, traffic.signatures),
    keepSecret,
    open,
    fault: (rule) => {
      if (rule === undefined) {
        platform.setFault(undefined)
        return () => 0
      }
      const { after = 0, times = Number.POSITIVE_INFINITY, fault } = rule
      let seen = 0
      let failed = 0
      platform.setFault((request) => {
        if (!isHit(rule, request)) return undefined
        seen += 1
        if (seen <= after || seen > after + times) return undefined
        failed += 1
        return typeof fault === 'function' ? fault(request) : fault
      })
      return () => failed
    },
    compare: (where, options = {}) => runOf(where, options, 'compare'),
    verify: (where, options = {}) => runOf(where, options, 'verify'),
    [Symbol.asyncDispose]: async () => {
      await platform.close()
      traffic[Symbol.dispose]()
    },
  }
}

const isHit = (rule: Rule, { operation, bucket, key }: FaultRequest): boolean =>
  (rule.operation === undefined || operation === rule.operation) &&
  (rule.bucket === undefined || bucket === rule.bucket) &&
  (rule.key === undefined || key === rule.key)

const fillVault = async <Options>(platform: FaultPlatform<Options>): Promise<ReadonlyMap<string, Buffer>> => {
  const sizes = [[KEYS.first, 10_000], ...platform.kinds, [KEYS.plain, SIZE], [KEYS.last, 10_000]] as const
  const files = new Map(
    sizes.map(([key, size]) => [key, randomBytes(size)] as const).sort(([a], [b]) => compareKeys(a, b)),
  )
  await platform.createBucket(BUCKET)
  for (const [key, bytes] of files) await platform.put(BUCKET, key, bytes)
  return files
}
