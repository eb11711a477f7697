import { namesEtag, type Target, unmetCondition } from '../http/conditions.js'
import { type ByteRange, parseRange } from '../http/range.js'
import { failure } from './failure.js'

/**
 * Conditions of a read, with the precedence that GetObject documents: If-Match over If-Unmodified-Since, If-None-Match over
 * If-Modified-Since.
 *
 * @param prefix of the headers: `x-amz-copy-source-` for the source of a copy, where 304 does not exist.
 * @throws PreconditionFailed (412), NotModified (304).
 */
export const checkConditions = (headers: ReadonlyMap<string, string>, target: Target, prefix = ''): void => {
  const unmet = unmetCondition(headers, target, prefix)
  if (unmet === undefined) return
  if (unmet === 'If-Match' || unmet === 'If-Unmodified-Since') throw failed(unmet)
  if (prefix !== '') throw failed('If-None-Match')
  const headersOfObject = { etag: `"${target.etag}"`, 'last-modified': new Date(target.lastModified).toUTCString() }
  throw failure('NotModified', undefined, { headers: headersOfObject })
}

/** Conditions of a write: `If-None-Match: *` and If-Match. @throws PreconditionFailed, NoSuchKey. */
export const checkWriteConditions = (headers: ReadonlyMap<string, string>, current: Target | undefined): void => {
  if (headers.get('if-none-match') === '*' && current !== undefined) throw failed('If-None-Match')
  const ifMatch = headers.get('if-match')
  if (ifMatch === undefined) return
  if (current === undefined) throw failure('NoSuchKey')
  if (!namesEtag(ifMatch, current.etag)) throw failed('If-Match')
}

/**
 * The range that a Range header asks of `size` bytes; `undefined` for one that is not understood, which S3 then ignores.
 *
 * @throws InvalidRange when it holds no byte of the object.
 */
export const requireRange = (header: string | undefined, size: number): ByteRange | undefined => {
  const range = parseRange(header, size)
  if (range !== 'unsatisfiable') return range
  throw failure('InvalidRange', undefined, {
    fields: { RangeRequested: header!.trim(), ActualObjectSize: String(size) },
    headers: { 'content-range': `bytes */${size}` },
  })
}

const failed = (condition: string): Error =>
  failure('PreconditionFailed', undefined, { fields: { Condition: condition } })
