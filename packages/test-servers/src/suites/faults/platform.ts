import type { ClientRequest } from 'node:http'
import type { BackupSource } from '@backproof/core/source'
import type { FrontPlatform, FrontRequest } from '../../front/index.js'
import type { StatusFault } from '../../http/exchange.js'
import type { Fault, FaultFunction } from '../../http/faults.js'
import type { Reply } from '../../http/reply.js'
import type { RequestCounters } from '../../http/requests.js'
import type { Vault } from './vault.js'

/** Why a platform cannot have a case: a sentence. There is no other way to leave one out. */
export interface Absent {
  readonly absent: string
}

export const isAbsent = (part: object): part is Absent => 'absent' in part

/** Where a source is opened, and how. Defaults: the vault, at the server, with credentials that may do all. */
export interface PlaceOptions<Options = unknown> {
  /** On Azure the container. */
  readonly bucket?: string | undefined
  /** Another server than that of the platform: `http://127.0.0.1:9`, without a path. */
  readonly url?: string | undefined
  /** Default 10,000. */
  readonly requestTimeoutMs?: number | undefined
  readonly listConcurrency?: number | undefined
  /** Options of the platform's own, over all others: credentials, keys. */
  readonly own?: Options | undefined
}

/** Names of the requests that every object store answers. */
export interface PlatformOperations {
  readonly list: string
  readonly read: string
}

/** How the platform says what every object store says; each is a fault that a server can give. */
export interface PlatformFailures {
  /** Too many requests. */
  readonly throttled: StatusFault
  /** The service itself failed. */
  readonly failed: StatusFault
  readonly denied: StatusFault
  readonly objectGone: StatusFault
  readonly bucketGone: StatusFault
}

/** Words of messages that differ by platform. */
export interface PlatformWords {
  /** As in "no answer of S3". */
  readonly service: string
  /** What holds objects: `bucket`. */
  readonly bucket: string
  /** Of a read of `d/plain` that was deleted since it was listed: with what names it, and the trace of the answer. */
  readonly goneObject: RegExp
  /** Source of a pattern: how the id of a request looks. */
  readonly requestId: string
  /** What listings are written in. */
  readonly document: 'XML' | 'JSON'
  /** The host in the message of `http://nonexistent.invalid`. */
  readonly missingHost: string
  readonly expired: RegExp
}

/** One kind of request of a run, and where its failure must show. */
export interface Target {
  readonly name: string
  readonly operation: string
  /** Empty for requests that are about the bucket. */
  readonly key: string
  readonly engine: 'compare' | 'verify'
  readonly read: boolean
  readonly answer: 'head' | 'document' | 'body'
  /** What a failure that stays must end: the run (nothing could be started), the listing, or one object. */
  readonly ends: 'run' | 'listing' | 'object'
  /** The length of its answer is looked at by nobody. */
  readonly unsized?: true | undefined
}

/** A refusal that stays, of one kind of request. */
export interface Refusal {
  readonly name: string
  readonly operation: string
  readonly key: string
  readonly fault: Fault
  /** Of the key; `match` where there is another way. */
  readonly outcome: string
  readonly exit: 0 | 1 | 3
  /** What must be told; nothing where all is well. */
  readonly words?: RegExp | undefined
  /** How many at most. Default: one, since nothing is retried that cannot succeed. */
  readonly requests?: number | undefined
}

/** Credentials or a place with which nothing starts, and nothing is tried twice. */
export interface RefusedLogin<Options> {
  readonly name: string
  options(vault: Vault<Options>): PlaceOptions<Options>
  readonly code: string
  readonly words: RegExp
}

export interface PlatformLogins<Options> {
  readonly refused: readonly RefusedLogin<Options>[]
  /** How many requests it takes at most to know that nothing can start: those that tell nothing, and one that tells why. Default 2. */
  readonly questions?: number | undefined
  /** Credentials that nobody ever gives. */
  readonly never: PlaceOptions<Options> | Absent
  /** Credentials whose time is over once `expire` is called, for a request that comes then; `restore` ends that. */
  expiring(vault: Vault<Options>): {
    readonly options: PlaceOptions<Options>
    expire(): Fault | undefined
    restore(): void
  }
  /** Credentials that may list but not read; by a fault of reads where the server has no permissions. */
  mayNotRead(vault: Vault<Options>): {
    readonly options: PlaceOptions<Options>
    readonly fault?: Fault | undefined
    readonly words: RegExp
  }
}

/** Which listings there are to be broken off. */
export interface PlatformListings {
  /** Most rows of a page. */
  readonly pageRows: number
  /** One that goes on after a key: how many ranges of it are asked for at once. */
  readonly resumable: { readonly concurrency: readonly number[] } | Absent
  /** One that goes on by its token alone, in a bucket of this name. */
  readonly unordered: { readonly bucket: string } | Absent
  /** The request that lists versions; `held`: rows that a page keeps back, since versions of their key may follow. Default 0. */
  readonly versions: { readonly operation: string; readonly held?: number | undefined } | Absent
  /** What may come instead of a page with a good status, and is none of this platform. */
  readonly foreign: readonly { readonly name: string; readonly answer: Reply | ((page: string) => string) }[]
}

/** Where secrets are in what this platform is sent. */
export interface PlatformSecrets {
  /** Of the credentials that may do all, by name. */
  readonly values: Readonly<Record<string, string | Uint8Array>>
  /** Forms in which one would be there whatever its value, and for each a text that has it. */
  readonly forms: readonly { readonly name: string; readonly form: RegExp; readonly example: unknown }[]
  /** What differs from request to request: how it looks (a global pattern), an example, and where it is. */
  readonly signatures:
    | { readonly form: RegExp; readonly example: string; of(request: ClientRequest): readonly string[] }
    | Absent
  /** What a request carried, as a query of a signed URL. */
  signedQuery(request: FrontRequest): string
  /** A part of each request that is secret, as a query has it. */
  readonly sent: string
}

/** What is different when the command runs. */
export interface CommandChange {
  readonly env?: Readonly<Record<string, string>> | undefined
  /** Instead of those that it has always. */
  readonly args?: readonly string[] | undefined
}

/** How the built command is led to the server. */
export interface PlatformCommand {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly args: readonly string[]
  /** With a wrong secret, and with an endpoint where nobody is (port 9 of 127.0.0.1). */
  readonly wrongLogin: CommandChange & { readonly words: RegExp }
  readonly nobody: CommandChange
  /** The permission that reading needs, as errors and `check` name it. */
  readonly readPermission: RegExp
}

/** An object store that is running, as the suites drive it. What it cannot do it says with a reason. */
export interface FaultPlatform<Options = unknown> {
  /** In titles. */
  readonly name: string
  readonly words: PlatformWords
  readonly operations: PlatformOperations
  readonly failures: PlatformFailures
  /** An error with any status and code, as the service writes it. */
  errorReply(status: number, code: string, message: string): Reply
  /** Of the server. Default of sources. */
  readonly url: string
  readonly requests: RequestCounters
  setFault(fault: FaultFunction | undefined): void
  /** What a front has to know. */
  readonly front: FrontPlatform
  uri(bucket: string): string
  open(options: PlaceOptions<Options>): BackupSource & AsyncDisposable
  createBucket(name: string): void | Promise<void>
  /** Stores an object, in the vault in the way that its key stands for. */
  put(bucket: string, key: string, bytes: Uint8Array): Promise<unknown>
  remove(bucket: string, key: string): void | Promise<void>
  close(): Promise<void>
  /** What is in the vault besides `KEYS`, with its size: keys between `a/first` and `d/plain` of objects of other kinds. */
  readonly kinds: ReadonlyMap<string, number>
  /** The object of the vault that is asked about by itself, and how. */
  readonly asked: { readonly operation: string; readonly key: string; readonly answer: 'head' | 'document' } | Absent
  /** The strongest grade that a comparison reaches without reading the object `d/plain`. */
  readonly proves: 'stored' | 'claimed'
  /** Whether the same bytes, uploaded again, are the same object: where an ETag is a digest of them. */
  readonly uploadsLookAlike: boolean
  /** The request that asks for the bucket itself before all others. */
  readonly reach: { readonly operation: string } | Absent
  /** Whether bytes that do not come are asked for by themselves before a body is called cut. */
  readonly probesBodies: boolean
  readonly targets: readonly Target[]
  readonly refusals: readonly Refusal[]
  readonly logins: PlatformLogins<Options>
  readonly listings: PlatformListings
  readonly secrets: PlatformSecrets
  readonly command: PlatformCommand
}
