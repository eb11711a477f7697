import { type InventoryFile, type InventoryFiles, type JsonObject, listFileError } from '@backproof/core/inventory'

/** The object that a manifest holds, field by field; each throws `corrupt` for what is not of its kind. */
export interface JsonFields {
  readonly text: (name: string) => string
  /** A whole number from 0, also as text. */
  readonly count: (name: string) => number
  /** Objects. */
  readonly list: (name: string) => readonly JsonFields[]
  readonly refuse: (what: string) => Error
}

/** @param manifest What `jsonManifest` read of the file. */
export const jsonFields = (files: InventoryFiles, file: InventoryFile, manifest: JsonObject): JsonFields =>
  fieldsOf(manifest, '', (what) => listFileError('corrupt', files, file.key, what))

const fieldsOf = (value: unknown, path: string, refuse: (what: string) => Error): JsonFields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse(`${path.slice(0, -1)} is no JSON object.`)
  }
  const fields = value as Readonly<Record<string, unknown>>
  const wrong = (name: string, what: string): Error => refuse(`${path}${name} is ${what}.`)
  const text = (name: string): string => {
    const found = fields[name]
    if (typeof found !== 'string' || found === '') throw wrong(name, 'missing or no text')
    return found
  }
  return {
    text,
    count: (name) => {
      const found = typeof fields[name] === 'number' ? fields[name] : Number(text(name))
      if (!Number.isSafeInteger(found) || found < 0) throw wrong(name, 'no whole number')
      return found
    },
    list: (name) => {
      const found = fields[name]
      if (!Array.isArray(found)) throw wrong(name, 'missing or no list')
      return found.map((one, i) => fieldsOf(one, `${name}[${i}].`, refuse))
    },
    refuse,
  }
}
