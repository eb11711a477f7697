/** Content of an element: text, child elements in order, or nothing (left out). An array repeats the element. */
export type XmlContent = string | number | boolean | undefined | XmlTree | readonly XmlContent[]
export interface XmlTree {
  readonly [name: string]: XmlContent
}

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** A document as S3 writes it. Error documents have no namespace. */
export const xmlDocument = (root: string, content: XmlTree, namespace: string | undefined = NAMESPACE): string => {
  const attribute = namespace === '' ? '' : ` xmlns="${namespace}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${children(content)}</${root}>`
}

const children = (tree: XmlTree): string =>
  Object.entries(tree)
    .map(([name, content]) => element(name, content))
    .join('')

const element = (name: string, content: XmlContent): string => {
  if (content === undefined) return ''
  if (Array.isArray(content)) return content.map((item: XmlContent) => element(name, item)).join('')
  const inner = typeof content === 'object' ? children(content as XmlTree) : escapeText(String(content))
  // Elements may carry a number after `#`, so that one tree can hold runs of them in any order.
  const tag = name.split('#', 1)[0]!
  return inner === '' ? `<${tag}/>` : `<${tag}>${inner}</${tag}>`
}

/**
 * Markup is escaped, and so are carriage returns. Other control characters come as character references that XML 1.0
 * forbids, as real S3 sends them: who wants such keys has to ask for `encoding-type=url`.
 */
const escapeText = (text: string): string =>
  text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters in question
    /[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g,
    (character) => NAMED[character] ?? `&#x${character.charCodeAt(0).toString(16)};`,
  )

const NAMED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
}

/** An element that was read. */
export interface XmlNode {
  readonly name: string
  /** Text directly in it. */
  readonly text: string
  readonly children: readonly XmlNode[]
}

/**
 * The root of a small document without mixed content, as clients of S3 send them; `undefined` when it is not well-formed.
 * Comments, declarations and attributes are skipped.
 */
export const parseXml = (source: string): XmlNode | undefined => {
  const open: { name: string; text: string; children: XmlNode[] }[] = [{ name: '', text: '', children: [] }]
  const tokens = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([\w:.-]+)([^<>]*?)(\/?)>|([^<]+)/g
  let at = 0
  for (const token of source.matchAll(tokens)) {
    if (token.index !== at) return undefined
    at += token[0].length
    const top = open.at(-1)!
    const [, cdata, closing, name, , selfClosing, text] = token
    if (cdata !== undefined) top.text += cdata
    else if (text !== undefined) top.text += unescapeText(text)
    else if (name !== undefined) {
      const local = name.replace(/^.*:/, '')
      if (closing === '/') {
        if (open.length < 2 || top.name !== local) return undefined
        open.pop()
        open.at(-1)!.children.push(top)
      } else if (selfClosing === '/') top.children.push({ name: local, text: '', children: [] })
      else open.push({ name: local, text: '', children: [] })
    }
  }
  const [document] = open
  if (at !== source.length || open.length !== 1 || document!.children.length !== 1) return undefined
  return document!.children[0]
}

/** Text of the first child of that name. */
export const childText = (node: XmlNode, name: string): string | undefined =>
  node.children.find((child) => child.name === name)?.text

const unescapeText = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole: string, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
    return { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name ?? ''] ?? whole
  })
