import { failure } from './failure.js'

/** One part of a `multipart/related` body. */
export interface BodyPart {
  readonly contentType: string | undefined
  readonly bytes: Buffer
}

/** The two parts of an upload with metadata: the resource and the media (RFC 2387). @throws invalid for anything else. */
export const readMultipart = (contentType: string | undefined, body: Buffer): readonly [BodyPart, BodyPart] => {
  const boundary = /^multipart\/related\b.*;\s*boundary=(?:"([^"]+)"|'([^']+)'|([^;\s]+))/i.exec(contentType ?? '')
  if (boundary === null)
    throw failure('invalid', 'Multipart uploads need a Content-Type multipart/related with a boundary.')
  const line = `--${boundary[1] ?? boundary[2] ?? boundary[3]}`
  const first = body.indexOf(line)
  if (first < 0) throw incomplete()
  const [resource, second] = readPart(body, first + line.length, line)
  const [media, end] = readPart(body, second, line)
  if (body.toString('latin1', end, end + 2) !== '--') throw incomplete()
  return [resource, media]
}

/** The part whose headers begin behind `at`, and where the boundary behind it ends. */
const readPart = (body: Buffer, at: number, line: string): [BodyPart, number] => {
  const headersEnd = body.indexOf('\r\n\r\n', at)
  if (headersEnd < 0) throw incomplete()
  // An empty part ends with the blank line of its headers.
  const end = body.indexOf(`\r\n${line}`, headersEnd + 2)
  if (end < 0) throw incomplete()
  const headers = body.toString('latin1', at, headersEnd)
  const contentType = /^content-type:\s*(.*?)\s*$/im.exec(headers)?.[1]
  return [{ contentType, bytes: body.subarray(Math.min(headersEnd + 4, end), end) }, end + 2 + line.length]
}

const incomplete = (): Error => failure('invalid', 'Malformed multipart body.')
