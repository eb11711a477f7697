import type { BackupSource } from '../source/backup-source.js'
import type { JsonValue } from '../source/entry.js'
import type { KeyMapping, MappedSource, Normalisation, Side } from './options.js'

/** The source of a side, however it was given. */
export const sourceOf = (side: Side): BackupSource => (isMapped(side) ? side.source : side)

export const mappingOf = (side: Side): KeyMapping | undefined => (isMapped(side) ? side.keys : undefined)

const isMapped = (side: Side): side is MappedSource => 'keys' in side

/** A mapped key, or the word by which a key that was left out is counted. */
export type MapResult = { readonly key: string } | { readonly excluded: 'other-prefix' | 'unmapped' }

export interface KeyMapper {
  readonly map: (key: string) => MapResult
  /** Whether keys keep their order, so that no sort is needed. */
  readonly keepsOrder: boolean
  /** Whether every key stays as it is. */
  readonly identity: boolean
  /** Whether a prefix of a key is mapped to a prefix of the mapped key. */
  readonly keepsPrefixes: boolean
}

export const createKeyMapper = (mapping: KeyMapping | undefined, normalisation: Normalisation): KeyMapper => {
  const strip = mapping?.stripPrefix ?? ''
  const add = mapping?.addPrefix ?? ''
  const custom = mapping?.map
  const normalise = NORMALISE[normalisation]
  const identity = strip === '' && add === '' && custom === undefined && normalisation === 'exact'
  return {
    identity,
    keepsOrder: custom === undefined && normalisation === 'exact',
    keepsPrefixes: custom === undefined,
    map: identity
      ? (key) => ({ key })
      : (key) => {
          if (!key.startsWith(strip)) return { excluded: 'other-prefix' }
          const prefixed = add + key.slice(strip.length)
          const mapped = custom === undefined ? prefixed : custom(prefixed)
          if (mapped === undefined || mapped === '') return { excluded: mapped === '' ? 'other-prefix' : 'unmapped' }
          return { key: normalise(mapped) }
        },
  }
}

/** A mapping as it goes into the options of a result. A custom function is named only: its caller vouches that parts used the same. */
export const mappingToJson = (mapping: KeyMapping | undefined): JsonValue => {
  if (mapping === undefined) return null
  return {
    stripPrefix: mapping.stripPrefix ?? '',
    addPrefix: mapping.addPrefix ?? '',
    map: mapping.map === undefined ? null : mapping.map.name || 'custom',
  }
}

/** The key that `key` is looked up by, where keys count as equal in this way: `nfc` and `casefold` change it. */
export const normaliseKey = (key: string, normalisation: Normalisation): string => NORMALISE[normalisation](key)

/**
 * `casefold`: case folding by way of upper and lower case, which joins what full case folding joins (ß and ss, final and
 * medial sigma), between two NFC normalisations because either can undo the other.
 */
const NORMALISE: Readonly<Record<Normalisation, (key: string) => string>> = {
  exact: (key) => key,
  nfc: (key) => key.normalize('NFC'),
  casefold: (key) => key.normalize('NFC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFC'),
}
