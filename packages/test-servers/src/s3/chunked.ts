import { createHash } from 'node:crypto'
import { failure } from './failure.js'
import { hmac, type Signature, sameText } from './sigv4.js'

/** A body without its transfer coding of aws-chunked, and the trailing headers that came with it. */
export interface DecodedBody {
  readonly bytes: Buffer
  /** Names in lower case. */
  readonly trailers: ReadonlyMap<string, string>
}

const EMPTY = createHash('sha256').digest('hex')
const SIGNED = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
const KINDS: readonly string[] = [SIGNED, `${SIGNED}-TRAILER`, 'STREAMING-UNSIGNED-PAYLOAD-TRAILER']

/**
 * Checks a body against what its signature says of it, and takes off chunking. Source: "Signature calculations ... :
 * Transferring payload in multiple chunks" and "... including trailing headers" in the Amazon S3 API Reference.
 *
 * @throws XAmzContentSHA256Mismatch, SignatureDoesNotMatch for a wrong chunk or trailer signature, IncompleteBody for a
 * malformed one, InvalidArgument for a kind that does not exist.
 */
export const decodeBody = (raw: Buffer, signature: Signature, decodedLength: number | undefined): DecodedBody => {
  const { payload } = signature
  if (KINDS.includes(payload)) return decodeChunks(raw, signature, decodedLength)
  if (payload !== 'UNSIGNED-PAYLOAD') {
    if (!/^[0-9a-f]{64}$/.test(payload)) {
      const text =
        'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD or a valid sha256 value.'
      throw failure('InvalidArgument', text)
    }
    const computed = createHash('sha256').update(raw).digest('hex')
    if (computed !== payload) {
      const fields = { ClientComputedContentSHA256: payload, S3ComputedContentSHA256: computed }
      throw failure('XAmzContentSHA256Mismatch', undefined, { fields })
    }
  }
  return { bytes: raw, trailers: new Map() }
}

const decodeChunks = (raw: Buffer, signature: Signature, decodedLength: number | undefined): DecodedBody => {
  const signed = signature.payload.startsWith(SIGNED)
  const pieces: Buffer[] = []
  let previous = signature.value
  let at = 0
  for (;;) {
    const end = raw.indexOf('\r\n', at)
    const match =
      end < 0 ? null : /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(raw.toString('latin1', at, end))
    if (match === null || (signed && match[2] === undefined)) throw incomplete()
    const size = Number.parseInt(match[1]!, 16)
    const piece = raw.subarray(end + 2, end + 2 + size)
    if (piece.length < size) throw incomplete()
    if (signed) previous = checkChunk(signature, previous, piece, match[2]!)
    at = end + 2 + size
    if (size === 0) break
    if (raw.toString('latin1', at, at + 2) !== '\r\n') throw incomplete()
    at += 2
    pieces.push(piece)
  }
  const bytes = Buffer.concat(pieces)
  if (decodedLength === undefined) throw failure('MissingContentLength', 'x-amz-decoded-content-length is missing')
  if (bytes.length !== decodedLength) throw incomplete()
  const trailers = parseTrailers(raw.toString('latin1', at))
  if (signed && signature.payload.endsWith('-TRAILER')) checkTrailers(signature, previous, trailers)
  trailers.delete('x-amz-trailer-signature')
  return { bytes, trailers }
}

const checkChunk = (signature: Signature, previous: string, piece: Buffer, given: string): string => {
  const hash = createHash('sha256').update(piece).digest('hex')
  const text = ['AWS4-HMAC-SHA256-PAYLOAD', signature.date, signature.scope, previous, EMPTY, hash].join('\n')
  const expected = hmac(signature.key, text).toString('hex')
  if (!sameText(expected, given)) throw failure('SignatureDoesNotMatch')
  return expected
}

const checkTrailers = (signature: Signature, previous: string, trailers: ReadonlyMap<string, string>): void => {
  const lines = [...trailers]
    .filter(([name]) => name !== 'x-amz-trailer-signature')
    .map(([name, value]) => `${name}:${value}\n`)
  const hash = createHash('sha256').update(lines.join('')).digest('hex')
  const text = ['AWS4-HMAC-SHA256-TRAILER', signature.date, signature.scope, previous, hash].join('\n')
  const given = trailers.get('x-amz-trailer-signature') ?? ''
  if (!sameText(hmac(signature.key, text).toString('hex'), given)) throw failure('SignatureDoesNotMatch')
}

const parseTrailers = (text: string): Map<string, string> => {
  const trailers = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue
    const cut = line.indexOf(':')
    if (cut < 1) throw incomplete()
    trailers.set(line.slice(0, cut).toLowerCase(), line.slice(cut + 1).trim())
  }
  return trailers
}

const incomplete = (): Error => failure('IncompleteBody')
