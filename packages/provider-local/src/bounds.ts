import { keyToBytes, type ListOptions } from '@backproof/core/source'

/** Which part of the tree a listing wants, in terms of paths with one byte a character. */
export interface Bounds {
  /** Whether a file with this path is wanted. */
  readonly wantsFile: (path: string) => boolean
  /** Whether something below this directory (path with a `/` at its end) may be wanted. */
  readonly wantsBelow: (path: string) => boolean
  /** Whether what the listing could not see below this directory is news to the caller. */
  readonly wantsProblem: (path: string) => boolean
}

/** `undefined`: everything is wanted. */
export const boundsOf = ({ range, after }: ListOptions): Bounds | undefined => {
  if (range?.from === undefined && range?.to === undefined && after === undefined) return undefined
  const from = byteText(range?.from) ?? ''
  const to = byteText(range?.to)
  const last = byteText(after)
  const endsBelow = (path: string, start: string): boolean => path < start && !start.startsWith(path)
  return {
    wantsFile: (path) => path >= from && (last === undefined || path > last) && (to === undefined || path < to),
    wantsBelow: (path) =>
      (to === undefined || path < to) && !endsBelow(path, from) && (last === undefined || !endsBelow(path, last)),
    // A directory that the caller was told about is not told again; one that the last key lies in is.
    wantsProblem: (path) => path !== last,
  }
}

const byteText = (key: string | undefined): string | undefined =>
  key === undefined ? undefined : Buffer.from(keyToBytes(key)).toString('latin1')
