import { randomBytes } from 'node:crypto'
import { type CompareOptions, compare } from '@backproof/core/compare'
import type { RetryOptions } from '@backproof/core/run'
import type { BackupSource } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { verify } from '@backproof/core/verify'
import { type S3SourceOptions, s3Source } from '@backproof/provider-aws'
import { type Credentials, type Fault, type FaultRequest, type S3Server, startS3Server } from '@backproof/test-servers'
import { createOutputs, type Outputs, writings } from './secrets.js'
import { type Told, toldBy } from './told.js'
import { type Traffic, watchTraffic } from './traffic.js'

/** A bucket with one object of each kind, a copy of them that is right, and all that is said of them. */
export interface Vault extends AsyncDisposable {
  readonly server: S3Server
  /** Of a session that may do all: every request carries a session token. */
  readonly credentials: Credentials
  readonly files: ReadonlyMap<string, Buffer>
  readonly outputs: Outputs
  readonly traffic: Traffic
  /** Cases in whose output a secret is. */
  leaks(): readonly string[]
  /** Makes a value one of the secrets. */
  keepSecret(name: string, value: string | Uint8Array): void
  open(options?: Partial<S3SourceOptions>): BackupSource & AsyncDisposable
  /** Faults of chosen requests, until the next call. Gives how many there were. */
  fault(rule?: Rule): () => number
  compare(where: string, options?: VaultRun): Promise<Told>
  verify(where: string, options?: VaultRun): Promise<Told>
}

export interface Rule {
  readonly operation: string
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

export interface VaultRun extends Pick<Partial<CompareOptions>, 'require' | 'signal' | 'concurrency'> {
  readonly s3?: Partial<S3SourceOptions> | undefined
  readonly retry?: RetryOptions | undefined
  /** What the bucket is compared with. Default: a right copy of the vault. */
  readonly copy?: BackupSource | undefined
}

export const BUCKET = 'vault'

/** The keys of the vault: what lies before and behind those that faults hit must always match. */
export const KEYS = { first: 'a/first', kms: 'b/kms', parts: 'c/parts', plain: 'd/plain', last: 'e/last' } as const

/** Retries without the waits. */
export const QUICK: RetryOptions = { attempts: 3, baseDelayMs: 1, maxDelayMs: 5 }

export const openVault = async (): Promise<Vault> => {
  const traffic = watchTraffic()
  const outputs = createOutputs()
  const server = await startS3Server({ minPartSize: 1 })
  const credentials = server.addUser({
    allow: [{ effect: 'Allow', actions: ['s3:*', 's3express:*', 'kms:*'], resources: ['*'] }],
    sessionToken: true,
  })
  const files = await fillVault(server)
  const copy = memorySource(files)
  const secrets = new Map<string, string>()
  const keepSecret: Vault['keepSecret'] = (name, value) => {
    for (const [writing, text] of writings(name, value)) secrets.set(writing, text)
  }
  for (const [name, value] of Object.entries({ ...credentials })) keepSecret(`the ${name}`, value)

  const open: Vault['open'] = (options = {}) =>
    s3Source({
      bucket: BUCKET,
      endpoint: server.url,
      region: server.region,
      credentials,
      profile: 'aws',
      requestTimeoutMs: 10_000,
      ...options,
    })

  const runOf = async (
    where: string,
    { s3, copy: other = copy, retry = QUICK, ...options }: VaultRun,
    engine: 'compare' | 'verify',
  ): Promise<Told> => {
    await using source = open(s3)
    outputs.add(where, source.uri)
    const run =
      engine === 'compare'
        ? compare({ source: other, replicas: [source], retry, ...options })
        : verify({ source, retry, ...options })
    return await toldBy(where, run, outputs)
  }

  return {
    server,
    credentials,
    files,
    outputs,
    traffic,
    leaks: () => outputs.leaks(secrets, traffic.signatures),
    keepSecret,
    open,
    fault: (rule) => {
      let seen = 0
      let failed = 0
      server.setFault(
        rule &&
          ((request) => {
            if (request.operation !== rule.operation) return undefined
            if (rule.bucket !== undefined && request.bucket !== rule.bucket) return undefined
            if (rule.key !== undefined && request.key !== rule.key) return undefined
            seen += 1
            const { after = 0, times = Number.POSITIVE_INFINITY, fault } = rule
            if (seen <= after || seen > after + times) return undefined
            failed += 1
            return typeof fault === 'function' ? fault(request) : fault
          }),
      )
      return () => failed
    },
    compare: (where, options = {}) => runOf(where, options, 'compare'),
    verify: (where, options = {}) => runOf(where, options, 'verify'),
    [Symbol.asyncDispose]: async () => {
      await server.close()
      traffic[Symbol.dispose]()
    },
  }
}

const fillVault = async (server: S3Server): Promise<ReadonlyMap<string, Buffer>> => {
  const files = new Map<string, Buffer>([
    [KEYS.first, randomBytes(10_000)],
    [KEYS.kms, randomBytes(200_000)],
    [KEYS.parts, randomBytes(200_000)],
    [KEYS.plain, randomBytes(200_000)],
    [KEYS.last, randomBytes(10_000)],
  ])
  server.admin.createBucket({ name: BUCKET })
  for (const [key, bytes] of files) {
    await server.admin.put(BUCKET, key, bytes, {
      // Its ETag is no MD5: it has to be asked about.
      ...(key === KEYS.kms && { sse: 'aws:kms' }),
      // Its ETag and checksum are of parts, whose sizes have to be asked for.
      ...(key === KEYS.parts && { partSizes: [50_000, 70_000, 80_000], checksum: { algorithm: 'SHA256' } }),
    })
  }
  return files
}
