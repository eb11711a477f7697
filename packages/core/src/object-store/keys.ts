import { keyToBytes, type ObjectEntry } from '../source/index.js'

/**
 * The key of the object whose name is the prefix itself (the folder marker that consoles make): relative to the prefix it
 * would be empty, which no key may be. The folder's own name stands for it.
 */
export const ROOT_KEY = '/'

/** The key of an entry by its name below the prefix: {@link ROOT_KEY} for the prefix itself; with its bytes where they are not UTF-8. */
export const keyFields = (relative: string): Pick<ObjectEntry, 'key' | 'keyBytes'> => {
  const key = relative === '' ? ROOT_KEY : relative
  return key.isWellFormed() ? { key } : { key, keyBytes: keyToBytes(key) }
}

/** What of a key can be sent as a bound: the part before its first byte that is not UTF-8, of at most so many bytes. */
export const sendableKey = (key: string, maxBytes: number): string => {
  const illFormed = key.isWellFormed()
    ? -1
    : key.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/)
  let text = illFormed === -1 ? key : key.slice(0, illFormed)
  while (Buffer.byteLength(text) > maxBytes) text = text.slice(0, -[...text].at(-1)!.length)
  return text
}

/** Headers tell whole seconds; a listing that is more precise must not tell another time of the same object. */
export const wholeSeconds = (time: Date): number => Math.floor(time.getTime() / 1_000) * 1_000
