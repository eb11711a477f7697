/** What conditions are judged by. */
export interface Target {
  /** Without quotes. */
  readonly etag: string
  /** Milliseconds since 1970, whole seconds. */
  readonly lastModified: number
}

/** A condition that does not hold. */
export type UnmetCondition = 'If-Match' | 'If-Unmodified-Since' | 'If-None-Match' | 'If-Modified-Since'

/**
 * The first condition of a request that does not hold for `target`, with the precedence of RFC 9110, 13.2.2: If-Match over
 * If-Unmodified-Since, If-None-Match over If-Modified-Since. Headers that are no dates do not count.
 *
 * @param prefix of the headers; those of the source of a copy have one.
 */
export const unmetCondition = (
  headers: ReadonlyMap<string, string>,
  target: Target,
  prefix = '',
): UnmetCondition | undefined => {
  const ifMatch = headers.get(`${prefix}if-match`)
  const unmodifiedSince = time(headers.get(`${prefix}if-unmodified-since`))
  if (ifMatch !== undefined) {
    if (!namesEtag(ifMatch, target.etag)) return 'If-Match'
  } else if (unmodifiedSince !== undefined && target.lastModified > unmodifiedSince) return 'If-Unmodified-Since'
  const ifNoneMatch = headers.get(`${prefix}if-none-match`)
  const modifiedSince = time(headers.get(`${prefix}if-modified-since`))
  if (ifNoneMatch !== undefined) return namesEtag(ifNoneMatch, target.etag) ? 'If-None-Match' : undefined
  return modifiedSince !== undefined && target.lastModified <= modifiedSince ? 'If-Modified-Since' : undefined
}

/** Whether a list of ETags, as If-Match has it, names `etag` (without quotes), which `*` does. */
export const namesEtag = (header: string, etag: string): boolean =>
  header.split(',').some((one) => {
    const tag = one.trim().replace(/^W\//, '')
    return tag === '*' || tag === etag || tag === `"${etag}"`
  })

const time = (header: string | undefined): number | undefined => {
  const value = Date.parse(header ?? '')
  return Number.isNaN(value) ? undefined : value
}
