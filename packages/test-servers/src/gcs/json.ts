import { failure } from './failure.js'

export type JsonValue = string | number | boolean | null | undefined | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [name: string]: JsonValue
}

/** The object that a body holds; an empty body and `null` are an empty one. @throws parseError. */
export const parseJson = (body: Buffer): JsonObject => {
  if (body.length === 0) return {}
  try {
    const value: unknown = JSON.parse(body.toString())
    if (value === null) return {}
    if (isJsonObject(value)) return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw failure('parseError')
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A patch as RFC 7396 has it: `null` deletes, objects are merged, all else replaces. */
export const mergePatch = (target: JsonObject, patch: JsonObject): JsonObject => {
  const merged: Record<string, JsonValue> = { ...target }
  for (const [name, value] of Object.entries(patch)) {
    const before = merged[name]
    if (value === null) delete merged[name]
    else if (isJsonObject(value)) merged[name] = mergePatch(isJsonObject(before) ? before : {}, value)
    else merged[name] = value
  }
  return merged
}

/** The members of `from` that `names` lists and that are not `null`. */
export const pick = (from: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.flatMap((name) => (from[name] == null ? [] : [[name, from[name]]])))
