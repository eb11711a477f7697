import { stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { BackupError } from '@backproof/core/errors'
import {
  type BackupSource,
  type ByteRange,
  escapeKey,
  type JsonValue,
  keyToBytes,
  type ObjectBody,
  type ObjectEntry,
  type SourceTraits,
} from '@backproof/core/source'
import { invalidConfig, localError, systemError } from '../errors.js'
import { fileUri, hostPlatform } from '../paths.js'
import { localDirectory } from '../source.js'
import type { ArchiveOptions } from './archive-options.js'

/** An archive as one object of a source. */
export interface ArchivePlace {
  readonly uri: string
  /** For messages: the path or the key. */
  readonly name: string
  /** What the archive has of the place where it is. */
  traits(signal: AbortSignal | undefined): Promise<Pick<SourceTraits, 'pinning' | 'readCost' | 'place' | 'rangeReads'>>
  /** The state of now; what is opened with it is held to that state. */
  find(signal: AbortSignal | undefined): Promise<ObjectEntry>
  open(ref: JsonValue, signal: AbortSignal | undefined, range?: ByteRange): Promise<ObjectBody>
}

export const archivePlace = (options: ArchiveOptions): ArchivePlace =>
  'path' in options ? placeOfPath(options.path) : placeOfObject(options.source, options.key)

/** A file is read as a directory's files are: pinned, with one chunk read ahead. */
const placeOfPath = (path: string): ArchivePlace => {
  const directory = localDirectory({ path: dirname(path), symlinks: 'follow' })
  const name = Buffer.from(keyToBytes(basename(path))).toString('latin1')
  return {
    uri: fileUri(path, hostPlatform()),
    name: path,
    traits: async (signal) => {
      signal?.throwIfAborted()
      const { dev, ino } = await stateOfFile(path)
      signal?.throwIfAborted()
      return { pinning: 'etag', readCost: 'free', rangeReads: true, place: `${dev}:${ino}` }
    },
    find: async (signal) => {
      signal?.throwIfAborted()
      await stateOfFile(path)
      return directory.stat({ path: name }, { signal })
    },
    open: (ref, signal, range) => directory.read(ref, { signal, range }),
  }
}

const stateOfFile = async (path: string): Promise<{ readonly dev: bigint; readonly ino: bigint }> => {
  const state = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw systemError(error, 'open', path)
  })
  if (state.isFile()) return state
  throw invalidConfig(`${escapeKey(path)} is no regular file; give the file of an archive.`, path)
}

const placeOfObject = (source: BackupSource, key: string): ArchivePlace => {
  const encoded = Buffer.from(keyToBytes(key))
    .toString('latin1')
    .replace(/[^A-Za-z0-9\-._~/]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
  const uri = `${source.uri.replace(/\/+$/, '')}/${encoded}`
  return {
    uri,
    name: uri,
    traits: async (signal) => {
      const { access, pinning, readCost, place, rangeReads } = await source.describe({ signal })
      if (access !== 'random') {
        throw localError(
          'unsupported',
          'open',
          uri,
          `${source.uri} cannot be read by key; take the archive ${escapeKey(key)} out of it first.`,
        )
      }
      return { pinning, readCost, rangeReads, place: `${place ?? source.uri}#${key}` }
    },
    find: (signal) => findObject(source, key, uri, signal),
    open: (ref, signal, range) => source.read(ref, { signal, range }),
  }
}

/** A source has no call that finds a key; its listing of that one key does. */
const findObject = async (
  source: BackupSource,
  key: string,
  uri: string,
  signal: AbortSignal | undefined,
): Promise<ObjectEntry> => {
  for await (const page of source.list({ signal, range: { from: key, to: `${key}\0` } })) {
    const entry = page.find((candidate) => candidate.key === key)
    if (entry === undefined) continue
    if (entry.kind === 'object' && entry.problem === undefined && entry.excluded === undefined) return entry
    throw unusable(entry, uri)
  }
  const message = `${escapeKey(uri)} does not exist: the source lists no such key.`
  throw localError('not-found', 'open', uri, message)
}

const unusable = ({ kind, problem, excluded }: ObjectEntry, uri: string): BackupError =>
  localError(
    problem?.code ?? 'invalid-config',
    'open',
    uri,
    problem?.message ?? `${escapeKey(uri)} is no archive that can be read: its entry is ${excluded ?? kind}.`,
  )
