import { isUtf8 } from 'node:buffer'
import { readFile, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { Place } from './located.js'
import { type Part, readManifest } from './part.js'
import { originOf, type Reading, report } from './problem.js'

/** A policy file and all that it extends, those first that others extend; each once. */
export const readFiles = async (path: string, reading: Reading): Promise<readonly Part[]> => {
  const parts = new Map<string, Part>()
  const begin: Place = { file: path, line: 1, column: 1 }

  const visit = async (
    file: string,
    label: string,
    asked: Asked,
    above: readonly Opened[],
  ): Promise<string | undefined> => {
    const opened = await open(file, label, asked, reading)
    if (opened === undefined) return undefined
    const circle = above.findIndex((one) => one.real === opened.real)
    if (circle >= 0) {
      const names = [...above.slice(circle), opened].map((one) => one.label)
      report(
        reading,
        asked.place,
        asked.pointer,
        `extends goes in a circle: ${names.join(' -> ')}; take one of them out`,
      )
      return undefined
    }
    const known = parts.get(opened.real)
    if (known !== undefined) return known.timezone
    const manifest = readManifest(opened.text, label, reading)
    if (manifest === undefined) return undefined
    const folder = dirname(resolve(file))
    let inherited: string | undefined
    for (const [i, other] of manifest.extends.entries()) {
      const next = originOf(reading, manifest.extends, i)
      const found = await visit(resolve(folder, other), isAbsolute(other) ? other : join(dirname(label), other), next, [
        ...above,
        opened,
      ])
      inherited ??= found
    }
    const timezone = manifest.timezone ?? inherited
    parts.set(opened.real, { manifest, file: label, folder, timezone })
    return timezone
  }

  await visit(resolve(path), path, { place: begin, pointer: '' }, [])
  return [...parts.values()]
}

/** Where a file is asked for: its own beginning, or a line of `extends`. */
interface Asked {
  readonly place: Place
  readonly pointer: string
}

interface Opened {
  readonly real: string
  readonly label: string
  readonly text: string
}

const open = async (
  file: string,
  label: string,
  { place, pointer }: Asked,
  reading: Reading,
): Promise<Opened | undefined> => {
  try {
    const real = await realpath(file)
    const bytes = await readFile(real)
    const wrong = wrongEncoding(bytes)
    if (wrong === undefined) return { real, label, text: bytes.toString('utf8') }
    report(reading, { file: label, line: 1, column: 1 }, '', wrong)
  } catch (error) {
    report(reading, place, pointer, whyNot(error, label))
  }
  return undefined
}

const wrongEncoding = (bytes: Buffer): string | undefined => {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return 'the file is UTF-16; save it as UTF-8'
  return isUtf8(bytes) ? undefined : 'the file is not UTF-8; save it as UTF-8'
}

/** Why a file cannot be read, for a message. */
export const whyNot = (error: unknown, label: string): string => {
  const code = (error as { readonly code?: unknown } | null)?.code
  const name = JSON.stringify(label)
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return `there is no file ${name}; expected one: correct the path, or put it there`
  if (code === 'EISDIR') return `${name} is a folder; expected a file`
  if (code === 'EACCES' || code === 'EPERM') return `${name} may not be read; give this user the right to read it`
  return `${name} cannot be read (${typeof code === 'string' ? code : 'unknown reason'}); expected a file`
}
