import type { KnownAlgorithm } from '../digest/digest.js'
import { createHasher } from '../digest/hasher.js'
import { BackupError } from '../errors.js'
import { abortable } from '../run/abort.js'
import { type RangeOptions, readRange } from '../run/range-read.js'
import { readRanges } from '../run/range-reader.js'
import { retryPolicy, withRetry } from '../run/retry.js'
import type { BackupSource, ByteRange, CallOptions } from '../source/backup-source.js'
import type { ObjectEntry } from '../source/entry.js'
import type { SourceTraits } from '../source/traits.js'
import { listFileError } from './list-errors.js'

/** A file of a list: a manifest, or rows. */
export interface InventoryFile {
  readonly key: string
  readonly size: number
  /** The state that was found: all reads are of it. */
  readonly entry: ObjectEntry & { readonly size: number }
}

/** What a file must be, as the list's manifest says it. */
export interface ExpectedFile {
  readonly size?: number | undefined
  /** Lowercase hexadecimal. */
  readonly digest?: { readonly algorithm: KnownAlgorithm; readonly value: string } | undefined
}

/** The files of a list, wherever they are: in the bucket that the service wrote them to, or in a directory. */
export interface InventoryFiles {
  readonly provider: string
  /** Of the source that the files are in. */
  readonly uri: string
  /** The first of these keys that is there. Rejects with the source's errors, and `unsupported` for what is no regular file. */
  find(keys: readonly string[], call?: CallOptions): Promise<InventoryFile | undefined>
  /** As {@link find}; rejects with `not-found`, naming all keys that were tried. */
  get(keys: readonly string[], call?: CallOptions): Promise<InventoryFile>
  /**
   * All bytes in order; a chunk is valid until the next `next()`. Throws `corrupt` at the end, or before, when the file is not
   * what was expected of it.
   */
  stream(file: InventoryFile, expected?: ExpectedFile, call?: CallOptions): AsyncGenerator<Uint8Array, void, void>
  /** A small file whole. Throws `corrupt` when it is larger than `limit` bytes, or not what was expected. */
  whole(file: InventoryFile, limit: number, expected?: ExpectedFile, call?: CallOptions): Promise<Buffer>
  /** Part of a file, in memory of its own. Throws `unsupported` where the source reads no ranges. */
  slice(file: InventoryFile, range: ByteRange, call?: CallOptions): Promise<Uint8Array<ArrayBuffer>>
}

/**
 * Reads the files of a list through any source. Passing faults are tried again, as runs do by default: a listing that is read
 * from files cannot be resumed by its engine. The source is used and never closed.
 *
 * @param provider Short name of the provider of the list, for errors.
 */
export const inventoryFiles = (source: BackupSource, provider: string): InventoryFiles => {
  const subject = { provider, uri: source.uri }
  const policy = retryPolicy(undefined)
  let traits: Promise<SourceTraits> | undefined

  const rangeOptions = (call: CallOptions): RangeOptions => {
    const signal = call.signal ?? new AbortController().signal
    return {
      signal,
      attempt: (operation) => withRetry(operation, { policy, signal }),
      onRequest: (operation) => call.onRequest?.(operation),
    }
  }
  const traitsOf = async (call: CallOptions): Promise<SourceTraits> => {
    traits ??= rangeOptions(call).attempt(() => source.describe(call))
    const mine = traits
    try {
      return await mine
    } catch (error) {
      if (traits === mine) traits = undefined
      throw error
    }
  }

  const findOne = (key: string, call: CallOptions): Promise<ObjectEntry | undefined> =>
    rangeOptions(call).attempt(async () => {
      // The engine's rule for ranges: a source may yield more than was asked for.
      for await (const page of source.list({ ...call, range: { from: key, to: `${key}\0` } })) {
        call.signal?.throwIfAborted()
        const entry = page.find((one) => one.key === key && one.excluded === undefined)
        if (entry !== undefined) return entry
      }
      return undefined
    })

  const fileOf = async (entry: ObjectEntry, call: CallOptions): Promise<InventoryFile> => {
    const { key, problem } = entry
    if (problem !== undefined) throw new BackupError({ ...problem, subject: key })
    if (entry.kind !== 'object') {
      throw listFileError('unsupported', subject, key, 'it is no regular file; copy the file itself to this place.')
    }
    const size = entry.size ?? (await rangeOptions(call).attempt(() => source.stat(entry.ref, call))).size
    if (size === undefined) throw listFileError('contract', subject, key, 'its source does not tell its size.')
    return { key, size, entry: { ...entry, size } }
  }

  const find = async (keys: readonly string[], call: CallOptions = {}): Promise<InventoryFile | undefined> => {
    for (const key of keys) {
      const entry = key === '' ? undefined : await findOne(key, call)
      if (entry !== undefined) return fileOf(entry, call)
    }
    return undefined
  }

  const open = async (file: InventoryFile, call: CallOptions): Promise<AsyncIterator<Uint8Array>> => {
    const options = rangeOptions(call)
    // Ranges are tried again one by one; a stream that breaks would have to begin anew, after its rows were given out.
    if ((await traitsOf(call)).rangeReads && file.size > 0) return readRanges(source, file.entry, options).body
    const opened = source.read(file.entry.ref, call)
    return (await abortable(opened, options.signal)).body[Symbol.asyncIterator]()
  }

  async function* stream(
    file: InventoryFile,
    expected: ExpectedFile = {},
    call: CallOptions = {},
  ): AsyncGenerator<Uint8Array, void, void> {
    const { size, digest } = expected
    const { signal } = rangeOptions(call)
    if (size !== undefined && size !== file.size) {
      throw listFileError('corrupt', subject, file.key, `it has ${file.size} bytes, but its manifest says ${size}.`)
    }
    const hasher = await createHasher(digest === undefined ? [] : [digest.algorithm])
    const body = await open(file, call)
    let ended = false
    let read = 0
    try {
      for (;;) {
        const { done, value } = await abortable(Promise.resolve(body.next()), signal)
        if (done) break
        hasher.update(value)
        read += value.byteLength
        yield value
      }
      ended = true
    } finally {
      // A driver that hangs in its clean-up must not hold the run.
      if (!ended) void body.return?.()?.catch(() => undefined)
    }
    if (read !== file.size) {
      throw listFileError('corrupt', subject, file.key, `${read} bytes of it were read, but it has ${file.size}.`)
    }
    if (digest === undefined) return
    const got = hasher.digest()[digest.algorithm]
    if (got !== digest.value.toLowerCase()) {
      throw listFileError(
        'corrupt',
        subject,
        file.key,
        `its ${digest.algorithm} is ${got}, but its manifest says ${digest.value}: it is damaged, or another file. Nothing of this list can be trusted.`,
      )
    }
  }

  return {
    ...subject,
    find,
    get: async (keys, call = {}) => {
      const file = await find(keys, call)
      if (file !== undefined) return file
      const [first = '', ...others] = keys
      const also = others.length === 0 ? '' : ` (nor ${others.map((key) => JSON.stringify(key)).join(', ')})`
      throw listFileError('not-found', subject, first, `there is no such file${also}.`)
    },
    stream,
    whole: async (file, limit, expected, call) => {
      if (file.size > limit) {
        throw listFileError('corrupt', subject, file.key, `it has ${file.size} bytes; more than ${limit} are not read.`)
      }
      const chunks: Uint8Array[] = []
      for await (const chunk of stream(file, expected, call)) chunks.push(Uint8Array.from(chunk))
      return Buffer.concat(chunks)
    },
    slice: async (file, range, call = {}) => {
      if (!(await traitsOf(call)).rangeReads) {
        throw listFileError(
          'unsupported',
          subject,
          file.key,
          'its source reads no ranges, which this format needs; copy the files to a directory.',
        )
      }
      if (range.end <= range.start) return new Uint8Array(0)
      const bytes = new Uint8Array(range.end - range.start)
      await readRange(source, file.entry, range, rangeOptions(call), { take: (chunk, at) => bytes.set(chunk, at) })
      return bytes
    },
  }
}
