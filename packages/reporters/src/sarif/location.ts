import { escapeKey, keyToBytes } from '@backproof/core/source'
import type { ReportRow } from '../model/row.js'

/** Where a row points: the line that declares its target, where there is one, and the target itself. */
export const locationOf = (
  { target, subject, location }: Pick<ReportRow, 'target' | 'subject' | 'location'>,
  fallback: string | undefined,
): Readonly<Record<string, unknown>> => {
  const place = location ?? (fallback === undefined ? undefined : { file: fallback, line: 1 })
  const { kind, id, name } = target
  return {
    ...(place !== undefined && {
      physicalLocation: {
        artifactLocation: { uri: fileUri(place.file) },
        ...(Number.isSafeInteger(place.line) && place.line > 0 && { region: { startLine: place.line } }),
      },
    }),
    logicalLocations: [
      {
        name: escapeKey(name ?? id),
        fullyQualifiedName: `${escapeKey(kind)}/${escapeKey(id)}${subject === undefined ? '' : `/${escapeKey(subject)}`}`,
        kind: escapeKey(kind),
      },
    ],
  }
}

/** A path as a URI reference: relative ones stay relative, absolute ones are `file:`. Every other byte is percent-encoded. */
export const fileUri = (path: string): string => {
  const windows = /^[a-z]:[\\/]/i.test(path)
  const segments = (windows ? path.replaceAll('\\', '/') : path).split('/').map(encodeSegment)
  if (windows) return `file:///${[path.slice(0, 2), ...segments.slice(1)].join('/')}`
  return path.startsWith('/') ? `file://${segments.join('/')}` : segments.join('/')
}

/** Percent-encodes what is not unreserved in RFC 3986; names that are not UTF-8 by their bytes. */
const encodeSegment = (segment: string): string =>
  UNRESERVED.test(segment)
    ? segment
    : Array.from(keyToBytes(segment), (byte) => {
        const character = String.fromCharCode(byte)
        return UNRESERVED.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
      }).join('')

const UNRESERVED = /^[A-Za-z0-9._~-]*$/
