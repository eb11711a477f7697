import { keyToBytes, type ListOptions } from '@backproof/core/source'

/** Which part of the tree a listing wants, in terms of paths with one byte a character. */
export interface Bounds {
  /** Whether a file with this path is wanted. */
  readonly wantsFile: (path: string) => boolean
  /** Whether something below this directory (path with a `/` at its end) may be wanted. */
  readonly wantsBelow: (path: string) => boolean
  /**
   * Where an entry for the directory itself stands to the key that the listing resumes after: it comes after that key,
   * it is that key (the caller has it), or that key lies below it (its place in the order is past).
   */
  readonly standing: (path: string) => 'ahead' | 'told' | 'past'
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
    standing: (path) => (last === undefined || path > last ? 'ahead' : path === last ? 'told' : 'past'),
  }
}

const byteText = (key: string | undefined): string | undefined =>
  key === undefined ? undefined : Buffer.from(keyToBytes(key)).toString('latin1')
