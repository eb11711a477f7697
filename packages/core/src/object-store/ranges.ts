import { BackupError } from '../errors.js'
import { type ByteRange, escapeKey } from '../source/index.js'

/** The object of a read, for its errors. */
export interface ReadSubject {
  /** Short name of the provider. */
  readonly provider: string
  /** As the service calls the request: `GetObject`. */
  readonly operation: string
  /** Key of the object. */
  readonly subject: string
}

/** Throws `invalid-config` for a range that does not lie within the object. @param size Bytes, where they are known. */
export const checkRange = (
  { start, end }: ByteRange,
  size: number | undefined,
  { provider, subject }: ReadSubject,
): void => {
  const ordered = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end
  if (ordered && (size === undefined || end <= size)) return
  throw new BackupError({
    code: 'invalid-config',
    message: `The range ${start} to ${end} does not lie within the ${size ?? 'bytes'} bytes of ${escapeKey(subject)}.`,
    provider,
    subject,
  })
}

export interface ServedAnswer {
  /** Header Content-Range. */
  readonly contentRange: string | undefined
  /** Header Content-Length; absent with chunked answers. */
  readonly length: number | undefined
  /** The range that was asked for. */
  readonly range: ByteRange | undefined
  /** Bytes of the object by the listing. */
  readonly listed: number | undefined
}

/**
 * Bytes of the object that an answer has the body of, or a part of: what was asked for must be what came, of the size that
 * was listed.
 *
 * @throws BackupError `corrupt` (may be tried again) where it is not, `unsupported` where a range was asked for and none came.
 */
export const servedSize = ({ contentRange, length, range, listed }: ServedAnswer, read: ReadSubject): number => {
  const { subject } = read
  const error = (code: 'corrupt' | 'unsupported', message: string): Error =>
    new BackupError({ ...read, code, message, ...(code === 'corrupt' && { retryable: true }) })
  const wrong = (what: string): Error => error('corrupt', `The answer for ${escapeKey(subject)} ${what}.`)
  let size = length
  if (range !== undefined) {
    const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(contentRange ?? '') ?? []
    if (total === undefined) {
      throw error('unsupported', `The service gave no range of ${escapeKey(subject)}, but something else.`)
    }
    // Who serves a range need not tell the length of the whole (RFC 9110, 14.4).
    size = total === '*' ? listed : Number(total)
    if (Number(first) !== range.start || Number(last) !== range.end - 1) {
      if (size !== undefined && range.end > size) checkRange(range, size, read)
      throw wrong(`has the bytes ${first} to ${last}, not ${range.start} to ${range.end - 1}`)
    }
    if (length !== undefined && length !== range.end - range.start) throw wrong(`has ${length} bytes for that range`)
  }
  if (size === undefined && listed === undefined) throw wrong('does not tell its length')
  if (size !== undefined && listed !== undefined && size !== listed) {
    throw wrong(`has ${size} bytes; ${listed} were listed`)
  }
  return (size ?? listed)!
}
