import { invalidParameter } from './failure.js'
import { isJsonObject, type JsonObject, type JsonValue } from './json.js'

/** What a `fields` parameter selects: members by name, `*` for all; `true` takes a member whole. */
interface Selection {
  readonly [name: string]: Selection | true
}

/**
 * Applies the `fields` parameter: names, joined by commas, with `a/b` and `a(b,c)` for members of members, `*` for any
 * ("Partial responses" in the Cloud Storage documentation).
 *
 * @throws invalidParameter for a selector that is malformed.
 */
export const selectFields = (resource: JsonObject, fields: string | undefined): JsonObject => {
  if (fields === undefined || fields === '') return resource
  const reader = { text: fields, at: 0 }
  const selection = readList(reader)
  if (reader.at !== fields.length) throw malformed(fields)
  return apply(resource, selection) as JsonObject
}

interface Reader {
  readonly text: string
  at: number
}

const readList = (reader: Reader): Selection => {
  const list: Record<string, Selection | true> = {}
  for (;;) {
    const [name, inner] = readPath(reader)
    const before = list[name]
    list[name] = before === undefined || before === true || inner === true ? inner : { ...before, ...inner }
    if (reader.text[reader.at] !== ',') return list
    reader.at++
  }
}

const readPath = (reader: Reader): [string, Selection | true] => {
  const name = /^[\w.*-]+/.exec(reader.text.slice(reader.at))?.[0]
  if (name === undefined) throw malformed(reader.text)
  reader.at += name.length
  const next = reader.text[reader.at]
  if (next === '/') {
    reader.at++
    return [name, Object.fromEntries([readPath(reader)])]
  }
  if (next !== '(') return [name, true]
  reader.at++
  const inner = readList(reader)
  if (reader.text[reader.at] !== ')') throw malformed(reader.text)
  reader.at++
  return [name, inner]
}

const apply = (value: JsonValue, selection: Selection | true): JsonValue => {
  if (selection === true) return value
  if (Array.isArray(value)) return value.map((item: JsonValue) => apply(item, selection))
  if (!isJsonObject(value)) return value
  const selected: Record<string, JsonValue> = {}
  for (const [name, member] of Object.entries(value)) {
    const wanted = selection[name] ?? selection['*']
    if (wanted !== undefined) selected[name] = apply(member, wanted)
  }
  return selected
}

const malformed = (fields: string): Error => invalidParameter('fields', `Invalid field selection ${fields}`)
