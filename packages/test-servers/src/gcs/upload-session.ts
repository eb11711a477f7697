import type { JsonObject } from './json.js'
import type { Account } from './users.js'

/** A resumable upload in progress, or one that is done, whose answer can be asked for again. */
export interface Upload {
  readonly id: string
  /** Who began it: that is the permission for all that follows. */
  readonly account: Account | undefined
  readonly bucket: string
  readonly name: string
  readonly resource: JsonObject
  readonly customerKeySha256: string | undefined
  readonly kmsKeyName: string | undefined
  /** As the client announced it; `undefined` until it is known. */
  total: number | undefined
  chunks: Buffer[]
  received: number
  /** Generation of the object that it became. */
  generation?: bigint | undefined
}

/** What a Content-Range header of a chunk says. */
export interface ContentRange {
  /** `undefined`: the client asks how far the upload is. */
  readonly start: number | undefined
  /** `undefined` for `start-*`: as much as the body holds. */
  readonly end: number | undefined
  /** `undefined`: not known yet. */
  readonly total: number | undefined
}

/** `bytes 0-99/100`, `bytes 0-99/*`, `bytes 0-*`+`/100`, `bytes *`+`/100`, `bytes *`+`/*`; `undefined` for anything else. */
export const parseContentRange = (header: string): ContentRange | undefined => {
  const match = /^bytes (?:(\d+)-(\d+|\*)|\*)\/(\d+|\*)$/.exec(header.trim())
  if (match === null) return undefined
  const number = (text: string | undefined): number | undefined =>
    text === undefined || text === '*' ? undefined : Number(text)
  return { start: number(match[1]), end: number(match[2]), total: number(match[3]) }
}
