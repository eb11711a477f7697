import { isBackupError } from '@backproof/core/errors'
import { checkRange, EMPTY_BODY, keyFields, servedSize } from '@backproof/core/object-store'
import {
  type ByteRange,
  escapeKey,
  type JsonValue,
  type ObjectBody,
  type ObjectInfo,
  type ReadOptions,
} from '@backproof/core/source'
import type { Answer, Connection } from './client/connection.js'
import { getMedia, getObject } from './client/requests.js'
import type { Body } from './client/transport.js'
import { type GcsRef, readRef } from './entry.js'
import { gcsError, isAboutBucket, noAnswer, PROVIDER } from './errors.js'
import { createBody } from './object/body.js'
import { headerDigests } from './object/digests.js'
import { infoOf } from './stat.js'

const OPERATION = 'objects.getMedia'

/**
 * Opens one object: the generation of its ref; where another one took its place, it is `changed`. The bytes are those that are
 * stored, also of objects with `contentEncoding: gzip`. A soft-deleted object is `archived` without a request.
 */
export const readObject = async (
  connection: Connection,
  given: JsonValue,
  options: ReadOptions = {},
): Promise<ObjectBody> => {
  const ref = readRef(given)
  const { range } = options
  const { key: subject } = keyFields(ref.key)
  options.signal?.throwIfAborted()
  if (ref.softDeleted === true) throw softDeleted(connection, subject)
  const about = { provider: PROVIDER, operation: OPERATION, subject }
  if (range !== undefined) checkRange(range, ref.size, about)
  if (range !== undefined && range.start === range.end) return emptyRange(connection, ref, range, options)
  const answer = await orChanged(connection, ref, options, () => getMedia(connection, ref, range, options))
  const { output: stream, headers } = answer
  try {
    if (isDoubtful(answer)) await checkType(connection, ref, answer, options)
    checkGeneration(ref, headers['x-goog-generation'], subject)
    checkStored(ref, answer, subject)
    const served = {
      contentRange: headers['content-range'],
      length: lengthOf(headers['content-length']) ?? (range === undefined ? storedLength(answer) : undefined),
      range,
      listed: ref.size,
    }
    const size = servedSize(served, about)
    const length = range === undefined ? size : range.end - range.start
    const info = mediaInfo(ref, answer, size)
    const body = createBody({ connection, ref, stream, offset: range?.start ?? 0, length, call: options })
    const told = ref.generation === undefined || headers['x-goog-generation'] !== undefined
    const pinned = told ? body : thenChecked(body, () => checkPresent(connection, ref, options))
    return { info, ...(range !== undefined && { range }), body: pinned }
  } catch (error) {
    stream.destroy()
    throw error
  }
}

type Media = Answer<Body>

const softDeleted = (connection: Connection, key: string): Error =>
  gcsError(
    'archived',
    OPERATION,
    key,
    `${escapeKey(key)} of ${connection.uri} is soft-deleted and cannot be read. Restore it first (gcloud storage restore), or prove it by its stored digests.`,
  )

/** With versioning off, a generation that was replaced is gone while the object is there: asked once. */
const orChanged = async <T>(
  connection: Connection,
  ref: GcsRef,
  options: ReadOptions,
  ask: () => Promise<T>,
): Promise<T> => {
  try {
    return await ask()
  } catch (error) {
    if (!isBackupError(error) || error.code !== 'not-found' || isAboutBucket(error)) throw error
    if (ref.version === true || ref.generation === undefined) throw error
    const { key } = keyFields(ref.key)
    const present = await presentGeneration(connection, ref, options)
    if (present === undefined) throw error
    if (present !== ref.generation) throw replaced(key)
    const what = `The service shows ${escapeKey(key)}, but says that there is no such object when its bytes are asked for.`
    throw gcsError('corrupt', OPERATION, key, what, true)
  }
}

/** `undefined` where there is none. */
const presentGeneration = async (
  connection: Connection,
  { key }: GcsRef,
  { signal, onRequest }: ReadOptions,
): Promise<string | undefined> => {
  const answer = await orGone(() => getObject(connection, { key }, { signal, onRequest }))
  return answer === undefined ? undefined : (infoOf(connection, { key }, answer).version ?? '')
}

const replaced = (key: string): Error =>
  gcsError('changed', OPERATION, key, `${escapeKey(key)} is another object than was listed.`)

/** Services that do not know `generation=` give what is there. */
const checkGeneration = (ref: GcsRef, told: string | undefined, key: string): void => {
  if (ref.generation !== undefined && told !== undefined && told !== ref.generation) throw replaced(key)
}

/** The bytes, and at their end a question: it decides whether they were those that were asked for. */
const thenChecked = (
  body: AsyncIterableIterator<Uint8Array>,
  check: () => Promise<void>,
): AsyncIterableIterator<Uint8Array> => {
  let checked = false
  return {
    ...body,
    next: async () => {
      const result = await body.next()
      if (result.done !== true || checked) return result
      checked = true
      await check()
      return result
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/**
 * A service that does not tell of which generation its bytes are may give others than it was asked for: the object must be
 * the one that was listed once they have come, as the file is after a read from a disk.
 */
const checkPresent = async (connection: Connection, ref: GcsRef, { signal, onRequest }: ReadOptions): Promise<void> => {
  const { generation: _, ...present } = ref
  const asked = ref.version === true ? ref : present
  const answer = await orGone(() => getObject(connection, asked, { signal, onRequest }))
  const { key } = keyFields(ref.key)
  if (answer === undefined) throw replaced(key)
  const { version = ref.generation } = infoOf(connection, ref, answer)
  if (version !== ref.generation) throw replaced(key)
}

/** `undefined` for what is not there. */
const orGone = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await ask()
  } catch (error) {
    if (isBackupError(error) && error.code === 'not-found') return undefined
    throw error
  }
}

/**
 * Raw bytes were asked for. Where something on the way decompressed them all the same, what comes is not what is stored, and
 * must not read as damage. Not every service tells how an object is stored.
 */
const checkStored = (ref: GcsRef, { headers }: Media, key: string): void => {
  const stored = headers['x-goog-stored-content-encoding']
  const served = headers['content-encoding']
  const length = lengthOf(headers['content-length'])
  const decompressed = stored === 'gzip' && served === undefined && (length === undefined || length !== ref.size)
  const compressed = stored === 'identity' && served === 'gzip'
  if (!decompressed && !compressed && !/^\s*214\b/.test(headers['warning'] ?? '')) return
  const what = `The bytes of ${escapeKey(key)} were ${compressed ? 'compressed' : 'decompressed'} on their way; only those that are stored prove something. Look for a proxy that changes answers.`
  throw gcsError('unsupported', OPERATION, key, what)
}

/** What login pages and errors of proxies are. */
const PAGES = /^\s*(?:text\/html|text\/xml|application\/(?:xhtml\+)?xml|application\/json)\b/i

/** A page, of which nothing shows that it is an object. Not every service names the generation. */
const isDoubtful = ({ headers }: Media): boolean =>
  PAGES.test(headers['content-type'] ?? '') && !Object.keys(headers).some((name) => name.startsWith('x-goog-'))

/** A page that stands in for an object must not be taken for its bytes: objects have the type that the service tells of them. */
const checkType = async (
  connection: Connection,
  ref: GcsRef,
  answer: Media,
  { signal, onRequest }: ReadOptions,
): Promise<void> => {
  const told = await orChanged(connection, ref, { signal, onRequest }, () =>
    getObject(connection, ref, { signal, onRequest }),
  )
  infoOf(connection, ref, told)
  if (told.output['contentType'] === answer.headers['content-type']) return
  throw noAnswer(
    {
      ...connection.contextOf({
        operation: OPERATION,
        path: '',
        key: connection.settings.prefix + ref.key,
        call: undefined,
      }),
      subject: keyFields(ref.key).key,
    },
    answer,
  )
}

const lengthOf = (header: string | undefined): number | undefined =>
  header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined

/** Answers may come in chunks, without a length. */
const storedLength = ({ headers }: Media): number | undefined => lengthOf(headers['x-goog-stored-content-length'])

/** What the headers of a download tell of the object ("HTTP headers", XML API reference). Not every service sends them. */
const mediaInfo = (ref: GcsRef, { headers }: Media, size: number): ObjectInfo => {
  const generation = headers['x-goog-generation'] ?? ref.generation
  const digests = headerDigests(headers['x-goog-hash'])
  const storageClass = headers['x-goog-storage-class']
  const fresh: GcsRef = { ...ref, size, ...(generation !== undefined && { generation }) }
  return {
    ...keyFields(ref.key),
    ref: fresh,
    kind: 'object',
    size,
    ...(generation !== undefined && { version: generation }),
    ...(digests.length > 0 && { digests }),
    ...(storageClass !== undefined && { storageClass }),
  }
}

/** HTTP has no empty range: only whether the object is there, and how long it is, is asked. */
const emptyRange = async (
  connection: Connection,
  ref: GcsRef,
  range: ByteRange,
  options: ReadOptions,
): Promise<ObjectBody> => {
  const answer = await orChanged(connection, ref, options, () => getObject(connection, ref, options))
  const info = infoOf(connection, ref, answer)
  checkGeneration(ref, info.version, info.key)
  checkRange(range, info.size, { provider: PROVIDER, operation: 'objects.get', subject: info.key })
  return { info, range, body: EMPTY_BODY }
}
