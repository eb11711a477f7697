import { textLines } from './text-lines.js'

export interface BagText {
  readonly text: string
  /** From 1. */
  readonly number: number
}

/** The lines of a tag file that say something (one byte a character), in pages. They end in LF, CR or CR LF. */
export async function* bagLines(path: string, signal: AbortSignal | undefined): AsyncGenerator<readonly BagText[]> {
  let number = 0
  for await (const lines of textLines(path, 'tag file of a bag', signal)) {
    const page: BagText[] = []
    for (const line of lines) {
      // A carriage return of a name is percent-encoded: any other ends a line.
      for (const text of line.endsWith('\r') ? line.slice(0, -1).split('\r') : line.split('\r')) {
        number += 1
        if (text.trim() !== '') page.push({ text, number })
      }
    }
    if (page.length > 0) yield page
  }
}

/** The digest (lowercase) and the written name of a line of a manifest: `<hex> <filepath>` (RFC 8493, section 2.1.3). */
export const parseManifestLine = (text: string): { readonly value: string; readonly name: string } | undefined => {
  // md5sum and its like put a `*` before names in binary mode, and bags were made with them.
  const match = /^([0-9a-fA-F]+)[ \t]+\*?(.+)$/s.exec(text)
  return match === null ? undefined : { value: match[1]!.toLowerCase(), name: match[2]! }
}

/** The written name of a line of fetch.txt: `<url> <length> <filepath>` (RFC 8493, section 2.2.3). */
export const parseFetchLine = (text: string): string | undefined => /^\S+[ \t]+(?:\d+|-)[ \t]+(.+)$/s.exec(text)?.[1]

/** Undoes the percent-encoding of CR, LF and, since version 1.0, of the percent sign itself. Nothing else is encoded. */
export const decodeBagName = (written: string, strict: boolean): string =>
  written.replace(/%(0a|0d|25)/gi, (encoded, digits: string) =>
    digits === '25' ? (strict ? '%' : encoded) : String.fromCharCode(Number.parseInt(digits, 16)),
  )
