/**
 * Reads an XML document element by element, without building it. Strict: what is not well-formed, has elements with a
 * namespace's prefix, declares a document type, or has text where elements belong, ends with a `SyntaxError`.
 */
export interface XmlReader {
  /**
   * Goes into the next child of the element that is open (first: the document), and gives its name. `undefined`: there is
   * none, and the element is closed.
   */
  child(): string | undefined
  /** Of the element that was gone into last; unescaped. */
  attribute(name: string): string | undefined
  /** The text of the element that is open, which has no children, unescaped; closes it. */
  text(): string
  /** Closes the element that is open, whatever is in it. */
  skip(): void
}

const TAB = 0x09
const LINE_FEED = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
const BANG = 0x21
const SLASH = 0x2f
const GREATER = 0x3e
const QUESTION = 0x3f

const isSpace = (code: number): boolean => code === SPACE || code === LINE_FEED || code === RETURN || code === TAB

export const xmlReader = (document: string): XmlReader => {
  const open: string[] = []
  let at = document.charCodeAt(0) === 0xfeff ? 1 : 0
  let attributes = NONE
  /** The element that was gone into last is `<a/>`: it has an end, but no tag for it. */
  let isEmpty = false
  let hasRoot = false

  const indexOf = (text: string, from: number): number => {
    const found = document.indexOf(text, from)
    if (found === -1) throw malformed('it ends too early', document.length)
    return found
  }

  const openTag = (start: number): string => {
    if (open.length === 0 && hasRoot) throw malformed('it has a second root', start)
    hasRoot = true
    const end = indexOf('>', start)
    let nameEnd = start + 1
    while (nameEnd < end && isOfName(document.charCodeAt(nameEnd))) nameEnd += 1
    const name = document.slice(start + 1, nameEnd)
    if (!isNameStart(document.charCodeAt(start + 1))) throw malformed('a tag has no plain name', start)
    attributes = NONE
    isEmpty = false
    at = end + 1
    if (nameEnd !== end) tagEnd(nameEnd)
    open.push(name)
    return name
  }

  /** Reads what stands between the name of a tag and its end: attributes, whose values may have a `>`. */
  const tagEnd = (nameEnd: number): void => {
    const [tail = '', given = '', slash = ''] = stickyAt(TAG_END, document, nameEnd) ?? []
    if (tail === '') throw malformed('a tag is damaged', nameEnd)
    isEmpty = slash !== ''
    at = nameEnd + tail.length
    if (given !== '') attributes = attributesOf(given, nameEnd)
  }

  const closeTag = (start: number): void => {
    const name = open.pop()
    let end = start + 2 + (name?.length ?? 0)
    while (isSpace(document.charCodeAt(end))) end += 1
    if (name === undefined || !document.startsWith(name, start + 2) || document.charCodeAt(end) !== GREATER) {
      throw malformed('a tag closes another element than the one that is open', start)
    }
    at = end + 1
  }

  const closeEmpty = (): boolean => {
    if (!isEmpty) return false
    isEmpty = false
    open.pop()
    return true
  }

  /** Goes behind a comment, an instruction or a section of characters, and gives the text of the last. */
  const behindMarkup = (start: number): string => {
    if (document.startsWith('<![CDATA[', start) && open.length > 0) {
      const end = indexOf(']]>', start + 9)
      at = end + 3
      return withLineFeeds(document.slice(start + 9, end))
    }
    if (document.startsWith('<!--', start)) {
      // Two hyphens are its end (2.5): what follows where that is damaged, up to the next one's, must not be lost.
      const end = indexOf('--', start + 4)
      if (document.charCodeAt(end + 2) !== GREATER) throw malformed('a comment does not end', start)
      at = end + 3
    } else if (document.startsWith('<?', start)) at = indexOf('?>', start + 2) + 2
    else throw malformed('there is a declaration', start)
    return ''
  }

  const checkBlank = (end: number): void => {
    for (; at < end; at += 1) {
      if (!isSpace(document.charCodeAt(at))) throw malformed('there is text beside elements', at)
    }
  }

  const child = (): string | undefined => {
    if (closeEmpty()) return undefined
    for (;;) {
      const start = open.length === 0 ? document.indexOf('<', at) : indexOf('<', at)
      checkBlank(start === -1 ? document.length : start)
      if (start === -1) {
        if (!hasRoot) throw malformed('it has no elements', at)
        return undefined
      }
      const code = document.charCodeAt(start + 1)
      if (code === SLASH) {
        closeTag(start)
        return undefined
      }
      if (code !== BANG && code !== QUESTION) return openTag(start)
      if (behindMarkup(start).trim() !== '') throw malformed('there is text beside elements', at)
    }
  }

  const text = (): string => {
    if (closeEmpty()) return ''
    let value = ''
    for (;;) {
      const start = indexOf('<', at)
      if (start > at) value += unescapeXml(document.slice(at, start), at)
      const code = document.charCodeAt(start + 1)
      if (code === SLASH) {
        closeTag(start)
        return value
      }
      if (code !== BANG && code !== QUESTION) throw malformed('there is an element within a text', start)
      value += behindMarkup(start)
    }
  }

  const skip = (): void => {
    const depth = open.length
    while (open.length >= depth) {
      if (closeEmpty()) continue
      const start = indexOf('<', at)
      const code = document.charCodeAt(start + 1)
      if (code === SLASH) closeTag(start)
      else if (code === BANG || code === QUESTION) behindMarkup(start)
      else openTag(start)
    }
  }

  return { child, attribute: (name) => attributes.get(name), text, skip }
}

const NONE: ReadonlyMap<string, string> = new Map()

/** Of names (XML 1.0, 2.3), as far as ASCII goes; a colon would be that of a namespace's prefix. */
const isOfName = (code: number): boolean => code >= 0x80 || OF_NAMES[code] !== 0

const isNameStart = (code: number): boolean => code >= 0x80 || OF_NAMES[code] === START

const START = 2
const OF_NAMES = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const character = String.fromCharCode(code)
  return /[A-Z_]/i.test(character) ? START : /[\d.-]/.test(character) ? 1 : 0
})

const TAG_END = /((?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
const ATTRIBUTE = /\s+([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y

const stickyAt = (pattern: RegExp, text: string, index: number): RegExpExecArray | null => {
  pattern.lastIndex = index
  return pattern.exec(text)
}

const attributesOf = (given: string, at: number): ReadonlyMap<string, string> => {
  const attributes = new Map<string, string>()
  for (let index = 0; index < given.length; index = ATTRIBUTE.lastIndex) {
    const [, name = '', quoted, single] = stickyAt(ATTRIBUTE, given, index) ?? []
    if (name === '' || attributes.has(name)) throw malformed('an attribute comes twice', at)
    attributes.set(name, unescapeXml(quoted ?? single ?? '', at))
  }
  return attributes
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Text of an element (XML 1.0, 2.11 and 4.1): line ends are one line feed, unless they are written as references. */
const unescapeXml = (text: string, at: number): string => {
  const lines = withLineFeeds(text)
  if (!lines.includes('&')) return lines
  return lines.replace(/&(?:#x([0-9a-f]+);|#([0-9]+);|([a-z]+);)?/gi, (_, hex, decimal, word, offset) => {
    const named = word === undefined ? undefined : NAMED[word as string]
    if (named !== undefined) return named
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex as string, 16)
    // NaN where it is no reference to a character.
    if (!(point <= 0x10ffff) || (point >= 0xd800 && point <= 0xdfff)) {
      throw malformed('a reference stands for no character', at + (offset as number))
    }
    return String.fromCodePoint(point)
  })
}

const withLineFeeds = (text: string): string => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text)

const malformed = (what: string, at: number): SyntaxError =>
  new SyntaxError(`The document cannot be read as XML: ${what}, at character ${at}.`)
