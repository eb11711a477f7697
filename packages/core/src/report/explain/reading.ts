import type { Provenance } from '../../digest/digest.js'
import { listed } from '../phrases.js'
import { type ExplainedSide, type Subject, sidesWithBytes } from './subject.js'
import { bytesOf } from './words.js'

/** What was read and what not, and what reading would have shown. */
export const readingOf = (subject: Subject): readonly string[] => {
  const { finding, sides } = subject
  const readable = sidesWithBytes(subject)
  const lists = sides.filter(({ listOnly, evidence }) => listOnly && evidence !== undefined)
  const known = readable.filter(({ evidence }) => evidence?.bytesRead !== undefined)
  const read = known.filter(({ evidence }) => evidence!.bytesRead! > 0)
  const unread = known.filter(({ evidence }) => evidence!.bytesRead === 0)
  return [
    ...read.map(readOf),
    ...(unread.length === 0 ? [] : [`of ${listed(unread.map(({ word }) => word))}, 0 bytes were read`]),
    ...(readable.length > 0 && known.length === 0 ? ['the finding does not say what was read'] : []),
    ...lists.map(({ word }) => `${word} has no bytes to read: it only says what there should be, or was`),
    // A list of a place stands for objects that were not read either; a record is the word of whoever trusts it.
    ...(finding.outcome === 'match'
      ? unseen([...unread, ...lists.filter(({ evidence }) => evidence?.asOf !== undefined)])
      : []),
  ]
}

const readOf = ({ word, evidence }: ExplainedSide): string => {
  const [bytes, size] = [evidence?.bytesRead ?? 0, evidence?.size]
  const again = size !== undefined && bytes > size ? ': it was read more than once' : ''
  const whole = size === undefined || size === bytes ? '' : ` (its size is ${bytesOf(size)}${again})`
  return `of ${word}, ${bytesOf(bytes)} were read${whole}`
}

/** What a match says nothing of. */
const unseen = (sides: readonly ExplainedSide[]): readonly string[] => {
  const silent = sides.filter(({ evidence }) => evidence?.size !== 0 && evidence?.linkTarget === undefined)
  const by = (wanted: (provenance: Provenance | undefined) => boolean): string =>
    listed(silent.filter(({ evidence }) => wanted(evidence?.digest?.provenance)).map(({ word }) => word))
  const [bare, stored, read] = [
    by((provenance) => provenance === undefined),
    by((provenance) => provenance !== undefined && provenance !== 'computed'),
    by((provenance) => provenance === 'computed'),
  ]
  return [
    ...(bare === '' ? [] : [`so other contents of the same size would not have been seen in ${bare}`]),
    ...(stored === '' ? [] : [`so what rotted beneath the stored digest would not have been seen in ${stored}`]),
    ...(read === ''
      ? []
      : [`the bytes of ${read} were read in this run all the same, and are counted with another of its names`]),
  ]
}
