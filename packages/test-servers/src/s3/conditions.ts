import { failure } from './failure.js'

/** What conditions and ranges are judged by. */
export interface Target {
  readonly etag: string
  readonly lastModified: number
}

/**
 * Conditions of a read, with the precedence that GetObject documents: If-Match over If-Unmodified-Since, If-None-Match over
 * If-Modified-Since.
 *
 * @param prefix of the headers: `x-amz-copy-source-` for the source of a copy, where 304 does not exist.
 * @throws PreconditionFailed (412), NotModified (304).
 */
export const checkConditions = (headers: ReadonlyMap<string, string>, target: Target, prefix = ''): void => {
  const ifMatch = headers.get(`${prefix}if-match`)
  const unmodifiedSince = time(headers.get(`${prefix}if-unmodified-since`))
  if (ifMatch !== undefined) {
    if (!names(ifMatch, target.etag)) throw failed('If-Match')
  } else if (unmodifiedSince !== undefined && target.lastModified > unmodifiedSince) throw failed('If-Unmodified-Since')
  const ifNoneMatch = headers.get(`${prefix}if-none-match`)
  const modifiedSince = time(headers.get(`${prefix}if-modified-since`))
  const same =
    ifNoneMatch !== undefined
      ? names(ifNoneMatch, target.etag)
      : modifiedSince !== undefined && target.lastModified <= modifiedSince
  if (!same) return
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
  if (!names(ifMatch, current.etag)) throw failed('If-Match')
}

/** From `start` up to but without `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * The range that a Range header asks of `size` bytes; `undefined` for one that is not understood, which S3 then ignores.
 *
 * @throws InvalidRange when it holds no byte of the object.
 */
export const parseRange = (header: string | undefined, size: number): ByteRange | undefined => {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '')
  if (match === null || (match[1] === '' && match[2] === '')) return undefined
  const [, first, last] = match
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1)
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined
  if (start >= size || end <= start) {
    throw failure('InvalidRange', undefined, {
      fields: { RangeRequested: header!.trim(), ActualObjectSize: String(size) },
      headers: { 'content-range': `bytes */${size}` },
    })
  }
  return { start, end }
}

const names = (header: string, etag: string): boolean =>
  header.split(',').some((one) => {
    const tag = one.trim().replace(/^W\//, '')
    return tag === '*' || tag === etag || tag === `"${etag}"`
  })

const time = (header: string | undefined): number | undefined => {
  const value = Date.parse(header ?? '')
  return Number.isNaN(value) ? undefined : value
}

const failed = (condition: string): Error =>
  failure('PreconditionFailed', undefined, { fields: { Condition: condition } })
