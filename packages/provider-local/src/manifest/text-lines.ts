import { type FileChunksOptions, fileChunks } from '@backproof/core/run'
import { escapeKey } from '@backproof/core/source'
import { invalidConfig } from '../errors.js'

/** Longer than any path with its digests: what has such lines is no manifest of these tools. */
const LONGEST_LINE = 64 * 1024

/**
 * The lines of a file, one byte a character, without their ends, in pages of about 128 KiB. `what` is the file, for
 * messages; `onOpen` as of `fileChunks`. Throws `invalid-config` for a line that is too long, and `changed` when the file
 * changed meanwhile.
 */
export async function* textLines(
  path: string,
  what: string,
  signal: AbortSignal | undefined,
  onOpen?: FileChunksOptions['onOpen'],
): AsyncGenerator<readonly string[]> {
  let rest = ''
  let number = 0
  // A name can end in a carriage return: it belongs to the line's end only where the first line ends so too.
  let crlf: boolean | undefined
  const stripped = (line: string): string => {
    crlf ??= line.endsWith('\r')
    return crlf && line.endsWith('\r') ? line.slice(0, -1) : line
  }
  for await (const chunk of fileChunks(path, { signal, onOpen })) {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST_LINE) {
      const message = `Line ${number + lines.length + 1} of ${escapeKey(path)} is longer than ${LONGEST_LINE} bytes: this is no ${what}.`
      throw invalidConfig(message, path)
    }
    number += lines.length
    if (lines.length > 0) yield lines.map(stripped)
  }
  if (rest !== '') yield [stripped(rest)]
}
