import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml'
import type { Located, LocatedEntry, Place } from './located.js'
import { escapePointer, type Reading, report } from './problem.js'

/** Characters. 100,000 assets with a plan of their own are about 30 million. */
const LARGEST = 50_000_000
const DEEPEST = 50

/**
 * What a YAML 1.2 or JSON file says (core schema: no dates, no binary, no tags of anybody's own; nothing is ever executed), with
 * anchors, aliases and merge keys resolved. `undefined` where it cannot be read; what is wrong stands in `reading`.
 */
export const readYaml = (text: string, file: string, reading: Reading): Located | undefined => {
  const begin: Place = { file, line: 1, column: 1 }
  const wrong = (message: string, place = begin): undefined => {
    report(reading, place, '', message)
    return undefined
  }
  if (text.length > LARGEST)
    return wrong(`the file has ${text.length} characters; at most ${LARGEST} are read: split it with extends`)
  const lines = new LineCounter()
  const [document, ...others] = parsed(text, lines) ?? []
  if (document === undefined) return wrong(NOTHING)
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  const [error] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0])
  if (error !== undefined) return wrong(`this is no YAML: ${inWords(error.code, error.message)}`, placeAt(error.pos[0]))
  if (others[0] !== undefined)
    return wrong(
      'a second document begins here (---); a policy is one: put it into a file of its own and name that in extends',
      placeAt(others[0].range[0]),
    )
  if (
    document.contents === null ||
    (isScalar(document.contents) && document.contents.value === null && document.contents.source === '')
  )
    return wrong(NOTHING)
  const before = reading.problems.length
  const root = new Converter(placeAt, reading).convert(document.contents, '', 0)
  return reading.problems.length === before ? root : undefined
}

const NOTHING = 'the file is empty; expected a policy: schema: backproof.policy/v1, then assets, plans ...'

const parsed = (text: string, lineCounter: LineCounter): readonly Document.Parsed<ParsedNode>[] | undefined => {
  const documents = parseAllDocuments(text.replace(/^\uFEFF/, ''), {
    version: '1.2',
    schema: 'core',
    merge: false,
    // Looking for them is quadratic there; the conversion below does it.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter,
  })
  return Array.isArray(documents) ? documents : undefined
}

const inWords = (code: string, message: string): string => {
  const said = message.replace(/\.$/, '')
  if (code === 'TAB_AS_INDENT') return 'a tab cannot indent; use spaces'
  if (code === 'TAG_RESOLVE_FAILED') return `${said}; tags are not read here: take it out`
  if (code === 'BLOCK_AS_IMPLICIT_KEY') return `${said}; put texts that hold ": " in quotes`
  return said
}

/** From the nodes of the parser to ours. What is used by alias is converted once, and shared: no bomb grows here. */
class Converter {
  readonly #placeAt: (offset: number) => Place
  readonly #reading: Reading
  readonly #anchors = new Map<string, Located | undefined>()

  constructor(placeAt: (offset: number) => Place, reading: Reading) {
    this.#placeAt = placeAt
    this.#reading = reading
  }

  convert(node: ParsedNode | null | undefined, pointer: string, depth: number, empty?: Place): Located | undefined {
    if (node === null || node === undefined) return { kind: 'scalar', place: empty ?? this.#placeAt(0), value: null }
    const place = this.#placeAt(node.range[0])
    const wrong = (message: string): undefined => {
      report(this.#reading, place, pointer, message)
      return undefined
    }
    if (depth > DEEPEST) return wrong(`maps and lists lie in each other more than ${DEEPEST} deep; no policy does`)
    if (isAlias(node)) {
      const known = this.#anchors.get(node.source)
      if (known !== undefined) return known
      return this.#anchors.has(node.source)
        ? wrong(`the alias *${node.source} lies in what it stands for: it would never end; write it out`)
        : wrong(`there is no anchor &${node.source} before this alias; give it one, or write it out`)
    }
    const { anchor } = node
    if (anchor !== undefined) this.#anchors.set(anchor, undefined)
    const found = this.#content(node, place, pointer, depth)
    if (anchor !== undefined && found !== undefined) this.#anchors.set(anchor, found)
    return found
  }

  #content(node: ParsedNode, place: Place, pointer: string, depth: number): Located | undefined {
    if (isMap(node)) return this.#map(node as YAMLMap.Parsed, place, pointer, depth)
    if (isSeq(node)) {
      const items = node.items.map((item, i) => this.convert(item as ParsedNode, `${pointer}/${i}`, depth + 1, place))
      return items.includes(undefined) ? undefined : { kind: 'list', place, items: items as readonly Located[] }
    }
    const value: unknown = isScalar(node) ? node.value : undefined
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return { kind: 'scalar', place, value }
    report(
      this.#reading,
      place,
      pointer,
      'this is neither text, number, true, false, a list nor a map; expected one of these',
    )
    return undefined
  }

  #map(node: YAMLMap.Parsed, place: Place, pointer: string, depth: number): Located | undefined {
    const entries = new Map<string, LocatedEntry>()
    const merged: Located[] = []
    let whole = true
    for (const { key, value } of node.items) {
      const at = this.#placeAt(key.range[0])
      if (!isScalar(key)) {
        report(this.#reading, at, pointer, 'a name has to be a text, and this is none')
        whole = false
        continue
      }
      const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value))
      const read = this.convert(value as ParsedNode | null, `${pointer}/${escapePointer(name)}`, depth + 1, at)
      if (key.anchor !== undefined) this.#anchors.set(key.anchor, { kind: 'scalar', place: at, value: name })
      const earlier = entries.get(name)
      if (read === undefined) whole = false
      else if (name === '<<' && key.type === 'PLAIN') merged.push(read)
      else if (earlier === undefined) entries.set(name, { key: at, value: read })
      else {
        report(
          this.#reading,
          at,
          `${pointer}/${escapePointer(name)}`,
          `${JSON.stringify(name)} stands here twice, first in line ${earlier.key.line}; keep one of them`,
        )
        whole = false
      }
    }
    for (const source of merged) if (!this.#merge(entries, source, pointer)) whole = false
    return whole ? { kind: 'map', place, entries } : undefined
  }

  /** What a map says itself wins over what is merged into it; of several, the first. */
  #merge(entries: Map<string, LocatedEntry>, source: Located, pointer: string): boolean {
    if (source.kind === 'list') return source.items.map((item) => this.#merge(entries, item, pointer)).every(Boolean)
    if (source.kind === 'scalar') {
      report(
        this.#reading,
        source.place,
        `${pointer}/<<`,
        'a merge key (<<) takes a map, an alias of one, or a list of these',
      )
      return false
    }
    for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry)
    return true
  }
}
