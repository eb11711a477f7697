import { escapeKey } from '@backproof/core/source'
import { placeOf } from '../entry.js'
import { invalidConfig } from '../errors.js'

/**
 * The path from the root of a name as a list has it (one byte a character), without `.` components and doubled
 * separators. Throws `invalid-config` for names that are absolute, lead out of the root or name no file. `root` as in
 * the settings of a checksum file; `where` begins the message: the line.
 */
export const relativeName = (
  written: string,
  { root, path }: { readonly root: string; readonly path: string },
  where: string,
): string => {
  const shown = (): string => escapeKey(placeOf(written).key)
  let name = written
  if (root !== '') {
    const tidy = `${written.startsWith('/') ? '/' : ''}${tidied(written)}`
    if (!tidy.startsWith(root))
      throw invalidConfig(`${where} names ${shown()}, which is not below the root that was given.`, path)
    name = tidy.slice(root.length)
  }
  if (name.startsWith('/')) {
    throw invalidConfig(
      `${where} names the absolute path ${shown()}; give the directory it should count from as the option root.`,
      path,
    )
  }
  const tidy = tidied(name)
  if (tidy === '' || tidy.endsWith('/')) throw invalidConfig(`${where} names no file: ${shown()}.`, path)
  if (/(?:^|\/)\.\.(?:\/|$)/.test(tidy))
    throw invalidConfig(`${where} names ${shown()}, which leads out of the directory.`, path)
  return tidy
}

const tidied = (name: string): string =>
  /(?:^|\/)\.?(?:\/|$)/.test(name)
    ? name
        .split('/')
        .filter((component) => component !== '' && component !== '.')
        .join('/')
    : name
