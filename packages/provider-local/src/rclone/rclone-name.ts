/**
 * The name that a path of rclone stands for. rclone shows every path in its "standard" encoding, whatever the place: control
 * characters and DEL as their pictures (`␊` is a newline), and a real picture with the quotation mark `‛` before it. Two quotation
 * marks, NUL, full-width slashes and full stops are written by rclone as they are stored, and stay.
 *
 * Source: rclone's documentation, "Restricted filenames"; lib/encoder of its source.
 */
export const nameOfRclonePath = (path: string): string =>
  MAYBE.test(path)
    ? path.replace(PICTURES, (found) => {
        const last = found.codePointAt(found.length - 1)!
        if (found.length === 2) return found.endsWith(QUOTE) ? found : found.slice(1)
        return last === DEL_PICTURE ? '\x7f' : String.fromCharCode(last - NUL_PICTURE)
      })
    : path

const QUOTE = '\u201b'
const NUL_PICTURE = 0x2400
const DEL_PICTURE = 0x2421

const MAYBE = /[\u2401-\u241f\u2421]/
/** A quoted quotation mark, so that what it quotes is not taken for quoted by it; a picture, quoted or not. */
const PICTURES = /\u201b\u201b|\u201b?[\u2401-\u241f\u2421]/g
