import type { Writable } from 'node:stream'
import { isBackupError } from '@backproof/core/errors'
import { byteCount, EXIT, type ObjectFinding } from '@backproof/core/report'
import { escapeKey } from '@backproof/core/source'
import type { WriteManifestOptions, WrittenManifest } from '@backproof/provider-local'
import { formatCount, plural, safeText } from '@backproof/reporters/text'
import { type Parsed, seeHelp } from '../args/parse.js'
import { algorithms } from '../args/policy.js'
import { OUTPUT_OPTIONS, SCOPE_OPTIONS, WORK_OPTIONS } from '../args/run-spec.js'
import type { CommandSpec } from '../args/spec.js'
import { usageError } from '../args/usage-error.js'
import { choice, flag, text } from '../args/values.js'
import type { Command } from '../command.js'
import { openOutputFile } from '../output/output-file.js'
import { createProgressLine } from '../output/progress.js'
import { outputError } from '../output/stdout.js'
import { refuseInside } from '../places/inside.js'
import { readKeyFile } from '../places/key-file.js'
import { prepare } from '../prepare.js'
import { listenForInterrupts } from '../signals.js'

/** A manifest speaks for the whole of its source, so no part of it can be chosen by range or shard. */
const SCOPE = ['include', 'exclude', 'symlinks', 'one-file-system']
const WORK = ['concurrency', 'workers', 'temp', 'provider', 'with']
/** Objects that could not be recorded and are told one by one. */
const SHOWN = 50

const spec: CommandSpec = {
  name: 'manifest',
  summary: 'Record every object with its size and digests, for `verify --against`.',
  usage: ['manifest [OPTIONS] A', 'manifest [OPTIONS] A -o FILE'],
  about: [
    'Reads every object of A once and writes one line for each: name, size, time, version, digests. The last line holds a digest of all before it, so that a manifest which was cut short or changed is refused when it is read; with --sign it holds a signature too.',
    'Keep the manifest where whoever damages the backup cannot reach it. What could not be read is told and not written, and decides the exit code. FILE is replaced only when the new one is complete. There is no --report: a manifest records, and proves nothing; `verify --against` does, and reports.',
  ],
  options: [
    {
      name: 'output',
      type: 'string',
      short: 'o',
      value: 'FILE',
      help: 'Where it goes; not a place inside of A. Default: standard output.',
    },
    {
      name: 'algorithm',
      type: 'string',
      short: 'a',
      value: 'ALGS',
      help: 'One or more, computed in one pass: sha256,blake3,... Default sha256.',
    },
    {
      name: 'format',
      type: 'string',
      value: 'HOW',
      help: 'backproof (default), or checksum: lines for sha256sum -c and its like, without sizes, links and signature.',
    },
    {
      name: 'sign',
      type: 'string',
      value: 'KEYFILE',
      help: 'Signs it with this Ed25519 private key (PEM, as `openssl genpkey -algorithm ed25519` writes it).',
    },
    ...SCOPE_OPTIONS.filter(({ name }) => SCOPE.includes(name)),
    ...WORK_OPTIONS.filter(({ name }) => WORK.includes(name)),
    ...OUTPUT_OPTIONS.filter(({ name }) => name === 'no-progress'),
  ],
  examples: [
    { command: 'manifest /srv/shop -o shop.manifest', meaning: 'Record today ...' },
    { command: 'verify /srv/shop --against shop.manifest', meaning: '... and prove later that nothing changed' },
    { command: 'manifest /srv/shop --sign key.pem -o shop.manifest', meaning: 'Signed, so that nobody can replace it' },
    { command: 'manifest /srv/shop --format checksum -o SHA256SUMS', meaning: 'For `sha256sum -c`' },
  ],
}

const run = async ({ values, positionals }: Parsed): Promise<number> => {
  const [first, ...others] = positionals
  if (first === undefined || others.length > 0)
    throw usageError(
      first === undefined
        ? 'manifest needs a place to read'
        : `manifest takes one place, ${positionals.length} were given`,
      `For example: backproof manifest /srv/shop -o shop.manifest. ${seeHelp(spec)}`,
    )
  const format = choice(values, 'format', ['backproof', 'checksum'] as const)
  const wanted = algorithms(values, 'algorithm')
  const keyFile = text(values, 'sign')
  const path = text(values, 'output')
  // The option of this name that `verify` has is about a checksum file that is read.
  const { options, resolve, open, close } = await prepare({ ...values, algorithm: undefined })
  const place = await resolve(first, 'replica')
  if (path !== undefined && place.kind === 'directory') refuseInside(path, place.path)
  const { include, exclude, concurrency, workers, tempDirectory } = options
  const source = await open(place)
  const interrupts = listenForInterrupts()
  const drawn = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb' && !flag(values, 'no-progress')
  const progress = drawn ? createProgressLine(process.stderr) : undefined
  try {
    const settings: WriteManifestOptions = {
      include,
      exclude,
      concurrency,
      workers,
      tempDirectory,
      ...(wanted !== undefined && { algorithms: wanted }),
      ...(format !== undefined && { format }),
      ...(keyFile !== undefined && { signingKey: readKeyFile(keyFile) }),
      findingsLimit: SHOWN,
      signal: interrupts.signal,
      ...(progress !== undefined && { onProgress: progress.update, countFirst: true }),
    }
    const { writeManifest } = await import('@backproof/provider-local')
    const written = await toOutput(path, (sink) => writeManifest(source, sink, settings))
    progress?.clear()
    tell(written, source.uri)
    if (format === 'checksum' && path !== undefined) await adviseAlgorithm(path, settings)
    return interrupts.exitCode() ?? exitCodeOf(written)
  } catch (error) {
    const code = interrupts.exitCode()
    if (code === undefined || error !== interrupts.signal.reason) throw error
    progress?.clear()
    process.stderr.write('backproof: interrupted: the manifest is not complete\n')
    return code
  } finally {
    progress?.clear()
    interrupts.dispose()
    await close()
  }
}

/** Writes to the file, or to standard output. What cannot be written is an error with exit code 70. */
const toOutput = async (
  path: string | undefined,
  write: (sink: Writable) => Promise<WrittenManifest>,
): Promise<WrittenManifest> => {
  const file = path === undefined ? undefined : await openOutputFile(path)
  try {
    const written = await write(file?.sink ?? process.stdout)
    await file?.finish()
    return written
  } catch (error) {
    if (isBackupError(error) && error.operation === 'write')
      throw outputError(path === undefined ? 'standard output' : escapeKey(path), error.cause as Error)
    throw error
  } finally {
    await file?.discard()
  }
}

const tell = ({ entries, bytes, leftOut, omitted, unreadable }: WrittenManifest, uri: string): void => {
  const lines = unreadable.map((finding) => `not recorded: ${escapeKey(finding.key)}: ${safeText(why(finding))}`)
  if (omitted > unreadable.length) lines.push(`not recorded: ${formatCount(omitted - unreadable.length)} more`)
  for (const [kind, count] of Object.entries(leftOut))
    lines.push(`${plural(count, 'entry', 'entries')} left out, for which the format has no place: ${kind}`)
  const count = plural(entries, 'entry', 'entries')
  lines.push(
    entries === 0
      ? `there was nothing to record in ${safeText(uri)}`
      : `recorded ${count} (${byteCount(bytes)}) of ${safeText(uri)}${omitted > 0 ? `; ${formatCount(omitted)} could NOT be recorded` : ''}`,
  )
  process.stderr.write(lines.map((line) => `backproof: ${line}\n`).join(''))
}

const why = ({ outcome, reason, error }: ObjectFinding): string =>
  error === undefined ? `${outcome} (${reason})` : `${outcome}: ${error.message}`

/** A checksum file whose name does not tell its algorithm is read by the length of its digests. */
const adviseAlgorithm = async (path: string, { algorithms = ['sha256'] }: WriteManifestOptions): Promise<void> => {
  const { algorithmFromFileName } = await import('@backproof/provider-local')
  const [only, ...more] = algorithms
  if (more.length > 0 || PLAIN.has(only!) || algorithmFromFileName(path) === only) return
  process.stderr.write(`backproof: read it with --algorithm ${only}: neither its name nor its lines tell\n`)
}

const PLAIN: ReadonlySet<string> = new Set(['md5', 'sha1', 'sha256', 'sha512'])

const exitCodeOf = ({ entries, omitted, report }: WrittenManifest): number => {
  const { mismatch, unreadable } = report.result.totals.outcomes
  if (mismatch + unreadable > 0) return EXIT.failed
  return omitted > 0 || entries === 0 ? EXIT.unproven : 0
}

export const command: Command = { spec, run }
