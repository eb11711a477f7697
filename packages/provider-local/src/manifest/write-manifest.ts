import type { KeyObject } from 'node:crypto'
import type { Writable } from 'node:stream'
import type { KeyFilter } from '@backproof/core/compare'
import { isKnownAlgorithm, KNOWN_ALGORITHMS, type KnownAlgorithm } from '@backproof/core/digest'
import type { ObjectFinding, Report } from '@backproof/core/report'
import { createSink, type RunOptions } from '@backproof/core/run'
import { type BackupSource, showValue } from '@backproof/core/source'
import { verify } from '@backproof/core/verify'
import { invalidConfig, PROVIDER } from '../errors.js'
import { checkNames } from '../options.js'
import { createBackproofLines, createChecksumLines, type ManifestLines } from './manifest-lines.js'
import type { ManifestRecord } from './manifest-record.js'
import { privateKey } from './manifest-signature.js'
import { recordOfFinding } from './record-of-finding.js'

/** The formats of `writeManifest`: see `ManifestFormatName`. */
export type WrittenFormat = 'backproof' | 'checksum'

/** A manifest speaks for the whole of its source: a run that writes one has no range and no shard. */
export interface WriteManifestOptions extends Omit<RunOptions, 'range' | 'shard'>, KeyFilter {
  /** Digests of every object, computed in one pass over its bytes. Default: sha256. */
  readonly algorithms?: readonly KnownAlgorithm[] | undefined
  /**
   * `backproof` (default): our manifest. `checksum`: lines as `sha256sum` writes them; with several algorithms each line
   * names its own (`SHA256 (name) = ...`). Links and special files have no place in these.
   */
  readonly format?: WrittenFormat | undefined
  /** Signs our manifest: an Ed25519 private key, unencrypted, as PEM text or key object. Default: not signed. */
  readonly signingKey?: string | KeyObject | undefined
}

/** What came of writing a manifest. */
export interface WrittenManifest {
  /** Objects (and in our format links and special files) that were written, and the sum of their sizes. */
  readonly entries: number
  readonly bytes: number
  /** What the format has no place for, by kind. */
  readonly leftOut: Readonly<Record<string, number>>
  /** Objects that could not be read, changed meanwhile, or differ from a digest that their own store keeps: not written. */
  readonly omitted: number
  /** Their findings, at most `findingsLimit` of them (default 1,000). */
  readonly unreadable: readonly ObjectFinding[]
  /** The report of the run that read the source. An object without a stored digest is `unverifiable` in it. */
  readonly report: Report
}

const FINDINGS_LIMIT = 1_000

/**
 * Reads every object of a source once and writes a manifest of what it read: the expectation of later `verify` runs.
 * Lines are in canonical key order. The sink is not ended: it is the caller's.
 *
 * Rejects with `invalid-config` for wrong options, with the reason of the signal, with `unavailable` and operation
 * `write` when the sink failed, and as `verify` does. After a rejection the sink holds a manifest without its closing
 * line, which no reader accepts. That single objects could not be read is no rejection: they are in `unreadable`.
 */
export const writeManifest = async (
  source: BackupSource,
  sink: Writable,
  options: WriteManifestOptions = {},
): Promise<WrittenManifest> => {
  const { algorithms = ['sha256'], format = 'backproof', signingKey, ...runOptions } = options
  checkOptions(options, algorithms, format)
  const { now = () => new Date(), include, exclude, findingsLimit = FINDINGS_LIMIT, signal } = runOptions
  const lines: ManifestLines =
    format === 'checksum'
      ? createChecksumLines(algorithms)
      : createBackproofLines(
          { source: source.uri, created: now().toISOString(), algorithms, include, exclude },
          signingKey === undefined ? undefined : privateKey('writeManifest: signingKey', signingKey),
        )
  const unreadable: ObjectFinding[] = []
  let omitted = 0
  const take = (finding: ObjectFinding): ManifestRecord[] => {
    const record = recordOfFinding(finding, algorithms)
    if (record !== undefined) return [record]
    omitted += 1
    if (unreadable.length < findingsLimit) unreadable.push(finding)
    return []
  }
  // What the entropy was tells later whether a change looks like encryption; only our format has a place for it.
  const run = verify({ ...runOptions, source, record: algorithms, entropy: format === 'backproof' })
  const out = createSink(sink, { what: 'The manifest', provider: PROVIDER, signal })
  try {
    for await (const findings of run) {
      const page = lines.add(findings.flatMap(take))
      if (page.length > 0) await out.write(page)
    }
    const report = await run.report()
    const end = lines.end(omitted)
    if (end.length > 0) await out.write(end)
    return { ...lines.totals(), omitted, unreadable, report }
  } finally {
    out.release()
  }
}

const OPTIONS: readonly (keyof WriteManifestOptions)[] = [
  'algorithms',
  'format',
  'signingKey',
  'include',
  'exclude',
  'signal',
  'onProgress',
  'countFirst',
  'concurrency',
  'workers',
  'createWorker',
  'retry',
  'findingsLimit',
  'now',
  'tempDirectory',
]

const checkOptions = (options: WriteManifestOptions, algorithms: readonly unknown[], format: unknown): void => {
  const factory = 'writeManifest'
  checkNames(factory, options, OPTIONS)
  if (!Array.isArray(algorithms) || algorithms.length === 0)
    throw invalidConfig(
      `${factory}: algorithms is ${showValue(algorithms)}; it must be a list of at least one algorithm.`,
    )
  for (const algorithm of algorithms) {
    if (!isKnownAlgorithm(algorithm))
      throw invalidConfig(
        `${factory}: algorithms names ${showValue(algorithm)}, which is not known. Known: ${KNOWN_ALGORITHMS.join(', ')}.`,
      )
  }
  if (new Set(algorithms).size !== algorithms.length)
    throw invalidConfig(`${factory}: algorithms names one twice; give each once.`)
  if (format !== 'backproof' && format !== 'checksum')
    throw invalidConfig(`${factory}: format is ${showValue(format)}; it must be backproof or checksum.`)
  if (format === 'checksum' && options.signingKey !== undefined)
    throw invalidConfig(`${factory}: a checksum file cannot be signed; leave signingKey out, or write our format.`)
}
