/** What a row of a page says that the SDK leaves out, or does not read as it was meant. */
export interface RawRow {
  /** `undefined` where it cannot be decoded. */
  readonly name: string | undefined
  /** As it stands in the page, for messages. */
  readonly written: string
  /** `directory` or `file`, in hierarchical namespaces. */
  readonly resourceType?: string | undefined
  /** Base64. */
  readonly md5?: string | undefined
  /** Base64, least significant byte first. */
  readonly crc64?: string | undefined
  /** Base64 of the SHA-256 of the key that a reader has to bring. */
  readonly keySha256?: string | undefined
}

/**
 * The rows of a page of List Blobs, in their order. The SDK's parser has no place for `Content-CRC64` and `ResourceType`, and
 * leaves character references (`&#xD;`) as they are. It has shown before that the page is XML in full; text in it is escaped,
 * so that what looks like an element is one.
 *
 * @returns `undefined` for a page that does not say whether another follows: not one of List Blobs.
 */
export const rawRows = (page: string): readonly RawRow[] | undefined => {
  const start = page.indexOf('<Blobs')
  if (start === -1 || page.indexOf('<NextMarker', start) === -1) return undefined
  const rows: RawRow[] = []
  for (let at = page.indexOf('<Blob>', start); at !== -1; at = page.indexOf('<Blob>', at)) {
    const end = page.indexOf('</Blob>', at)
    if (end === -1) return undefined
    rows.push(rowOf(page.slice(at, end)))
    at = end
  }
  return rows
}

const NAME = /<Name(?<attributes>\s[^>]*)?>(?<text>[^<]*)<\/Name>/

const rowOf = (markup: string): RawRow => {
  const { text = '', attributes = '' } = NAME.exec(markup)?.groups ?? {}
  const unescaped = unescapeXml(text)
  const name = /\sEncoded\s*=\s*["']true["']/i.test(attributes) ? decoded(unescaped) : unescaped
  // Metadata comes behind, with names that clients choose.
  const properties = markup.slice(markup.indexOf('<Properties>'), markup.indexOf('</Properties>'))
  return {
    name: name === '' ? undefined : name,
    written: text,
    resourceType: elementOf(properties, 'ResourceType'),
    md5: elementOf(properties, 'Content-MD5'),
    crc64: elementOf(properties, 'Content-CRC64'),
    keySha256: elementOf(properties, 'CustomerProvidedKeySha256'),
  }
}

const elementOf = (markup: string, tag: string): string | undefined => {
  const opening = `<${tag}>`
  const start = markup.indexOf(opening)
  if (start === -1) return undefined
  const end = markup.indexOf('</', start)
  return end === -1 ? undefined : unescapeXml(markup.slice(start + opening.length, end))
}

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Text of an element (XML 1.0, 2.11 and 4.1): line ends are one line feed, unless they are written as references. */
const unescapeXml = (text: string): string => {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  if (!lines.includes('&')) return lines
  return lines.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));/gi, (reference, hex, decimal, word) => {
    if (word !== undefined) return NAMED[word as string] ?? reference
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex as string, 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : reference
  })
}
