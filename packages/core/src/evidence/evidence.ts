/** What was found for a key. Public API. See design: outcomes. */
export type Outcome = 'match' | 'mismatch' | 'missing' | 'extra' | 'unreadable' | 'changed' | 'unverifiable' | 'error'

/** All outcomes in the order reports show them. */
export const OUTCOMES: readonly Outcome[] = [
  'match',
  'mismatch',
  'missing',
  'extra',
  'unreadable',
  'changed',
  'unverifiable',
  'error',
]

/**
 * Strength of evidence for a match, per side; a match has the weaker one.
 * - `read`: the bytes of that side were read in this run (or the side is a recorded expectation that the caller trusts).
 * - `stored`: a digest computed or validated by the storage service.
 * - `claimed`: a digest that a client stored and nobody validated.
 * - `size`: nothing but the size.
 */
export type Grade = 'read' | 'stored' | 'claimed' | 'size'

/** Strongest first. */
export const GRADES: readonly Grade[] = ['read', 'stored', 'claimed', 'size']

/** The weaker of two grades. */
export const weakerGrade = (a: Grade, b: Grade): Grade => (GRADES.indexOf(a) > GRADES.indexOf(b) ? a : b)

/** Whether `grade` is at least as strong as `required`. */
export const meetsGrade = (grade: Grade, required: Grade): boolean => GRADES.indexOf(grade) <= GRADES.indexOf(required)

/**
 * How a pair was decided.
 * - `digest`: digests that were there before, nothing read.
 * - `derived-digest`: the same, where that of a side was put together from the digests of its parts.
 * - `one-sided-read`: one side read, compared with the digest the other side stores or records.
 * - `two-sided-read`: both sides read, one digest of at least 128 bits.
 * - `bytes`: both sides read, byte against byte.
 * - `size`: sizes only. `link`: targets of symbolic links. `none`: nothing could be compared.
 */
export type ProofMethod =
  | 'digest'
  | 'derived-digest'
  | 'one-sided-read'
  | 'two-sided-read'
  | 'bytes'
  | 'size'
  | 'link'
  | 'none'
