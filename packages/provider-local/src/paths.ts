import { escapeKey, keyFromBytes, keyToBytes } from '@backproof/core/source'
import { invalidConfig } from './errors.js'

/**
 * Whose rules a path follows. `win32`: `\` and `/` separate, some names and characters are reserved, names are UTF-16.
 * `darwin`: `/` separates, names are UTF-8 in whatever normalisation they were written (`:` is an ordinary character
 * below the Finder). Anything else: `/` separates, every other byte but NUL is part of a name.
 */
export type PathPlatform = 'linux' | 'darwin' | 'win32'

/** The rules of the machine this runs on. */
export const hostPlatform = (): PathPlatform =>
  process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux'

/**
 * The key of a path relative to a source's root. `.` components and doubled separators go; normalisation of Unicode is
 * left as it is. Throws `invalid-config` for a path that is empty, absolute, holds a drive or a `..`.
 */
export const keyFromPath = (path: string, platform: PathPlatform): string => {
  const slashed = platform === 'win32' ? path.replaceAll('\\', '/') : path
  const absolute = slashed.startsWith('/') || (platform === 'win32' && /^[A-Za-z]:/.test(slashed))
  if (absolute) throw refused('path', path, 'it is absolute; give one relative to the root')
  if (path.includes('\0')) throw refused('path', path, 'it holds a NUL character')
  if (platform === 'win32' && !path.isWellFormed()) throw refused('path', path, 'it is not valid Unicode')
  const components = slashed.split('/').filter((component) => component !== '' && component !== '.')
  if (components.length === 0) throw refused('path', path, 'it names no file')
  if (components.includes('..')) throw refused('path', path, 'its ".." could lead out of the root')
  return components.join('/')
}

/**
 * The path relative to a root of a key, with the separators of the platform. Throws `invalid-config` for a key that
 * would lead out of the root, that another key would share the path of, or that the platform cannot name.
 */
export const pathFromKey = (key: string, platform: PathPlatform): string => {
  if (key.includes('\0')) throw refused('key', key, 'it holds a NUL character, which no path can have')
  for (const component of key.split('/')) {
    if (component === '')
      throw refused('key', key, 'it starts or ends with "/" or holds "//", which a path cannot tell from "/"')
    if (component === '.' || component === '..')
      throw refused('key', key, `its component "${component}" would lead elsewhere`)
    if (platform === 'win32') checkWindowsName(component, key)
  }
  if (platform !== 'linux' && !key.isWellFormed()) throw refused('key', key, 'names here must be valid Unicode')
  return platform === 'win32' ? key.replaceAll('/', '\\') : key
}

// https://learn.microsoft.com/windows/win32/fileio/naming-a-file, "Naming Conventions"
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])[ ]*(?:[.:]|$)/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what Windows refuses
const WINDOWS_RESERVED = /[\u0000-\u001f<>:"\\|?*]/

const checkWindowsName = (name: string, key: string): void => {
  const character = WINDOWS_RESERVED.exec(name)?.[0]
  if (character !== undefined) throw refused('key', key, `Windows names cannot hold ${JSON.stringify(character)}`)
  if (WINDOWS_DEVICE.test(name)) throw refused('key', key, `"${name}" is a device on Windows`)
  if (/[ .]$/.test(name)) throw refused('key', key, 'Windows drops the space or full stop at the end of a name')
}

/**
 * The `file:` URI of an absolute path, without a `/` at its end but for a root. Every byte that is not plain in a path
 * is percent-encoded, also those that are not UTF-8. Windows: `C:\a`, `\\server\share` and their `\\?\` forms.
 */
export const fileUri = (path: string, platform: PathPlatform): string => {
  const { host, path: slashed } = platform === 'win32' ? windowsParts(path) : { host: '', path }
  if (!slashed.startsWith('/')) throw refused('path', path, 'it is not absolute')
  const encoded = Array.from(keyToBytes(slashed), encodeByte).join('')
  const trimmed = encoded.replace(/\/+$/, '')
  const isRoot = trimmed === '' || (platform === 'win32' && /^\/[A-Za-z]:$/.test(trimmed))
  return `file://${host}${isRoot ? `${trimmed}/` : trimmed}`
}

const windowsParts = (given: string): { readonly host: string; readonly path: string } => {
  const slashed = given.replaceAll('\\', '/')
  const path = slashed.replace(/^\/\/\?\/UNC\//i, '//').replace(/^\/\/\?\//, '')
  if (/^\/\/[.?]\//.test(path)) throw refused('path', given, 'it names a device, not a file')
  if (/^[A-Za-z]:\//.test(path)) return { host: '', path: `/${path}` }
  const share = /^\/\/([^/]+)(\/[^/]+.*)$/.exec(path)
  if (share === null) throw refused('path', given, 'it has neither a drive ("C:\\") nor a share ("\\\\server\\share")')
  return { host: share[1]!.toLowerCase(), path: share[2]! }
}

const encodeByte = (byte: number): string => {
  const character = String.fromCharCode(byte)
  return /[A-Za-z0-9\-._~!$&'()*+,;=:@/]/.test(character)
    ? character
    : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

/**
 * The absolute path of a `file:` URI, the inverse of {@link fileUri}. Throws `invalid-config` for another scheme or
 * host, a query or fragment (`?` and `#` of a name are `%3F` and `%23`), and broken or misleading escapes.
 */
export const pathFromFileUri = (uri: string, platform: PathPlatform): string => {
  const parts = /^file:(?:\/\/([^/?#]*))?(\/[^?#]*)([?#].*)?$/is.exec(uri)
  if (parts === null) throw refused('URI', uri, 'it must look like file:///srv/backups')
  const [, host = '', encoded = '', rest] = parts
  if (rest !== undefined) throw refused('URI', uri, 'a file has no query or fragment; write "?" as %3F and "#" as %23')
  const path = decodePath(encoded, uri, platform)
  const isLocal = host === '' || host.toLowerCase() === 'localhost'
  if (platform !== 'win32') {
    if (isLocal) return path
    throw refused('URI', uri, `"${host}" is another machine; a path of this one starts with file:/// (three slashes)`)
  }
  if (!isLocal) return `\\\\${host}${path.replaceAll('/', '\\')}`
  if (/^\/[A-Za-z]:(?:\/|$)/.test(path)) return path.slice(1).replaceAll('/', '\\').replace(/:$/, ':\\')
  throw refused('URI', uri, 'it has no drive; it must look like file:///C:/backups')
}

const decodePath = (encoded: string, uri: string, platform: PathPlatform): string => {
  const broken = /%(?![0-9a-f]{2})/i.test(encoded)
  if (broken) throw refused('URI', uri, 'a "%" is not followed by two hexadecimal digits; write "%" itself as %25')
  const misleading = platform === 'win32' ? /%00|%2f|%5c/i : /%00|%2f/i
  const found = misleading.exec(encoded)?.[0]
  if (found !== undefined) throw refused('URI', uri, `${found} cannot be part of a name`)
  const pieces = encoded.split(/%([0-9a-f]{2})/i)
  return keyFromBytes(
    Buffer.concat(pieces.map((piece, i) => (i % 2 === 1 ? Buffer.from(piece, 'hex') : Buffer.from(keyToBytes(piece))))),
  )
}

const refused = (what: string, value: string, why: string): ReturnType<typeof invalidConfig> =>
  invalidConfig(`The ${what} "${escapeKey(value)}" cannot be used: ${why}.`)
