import type { Strength } from '../../digest/digest.js'
import type { Grade } from '../../evidence/evidence.js'

/** What a finding is of, where there is no whole result to take it from. URIs as sources have them: free of secrets. */
export interface ExplainContext {
  readonly kind: 'compare' | 'verify'
  readonly source: string
  /** Of a comparison, in the order of its replicas. Default: none. */
  readonly replicas?: readonly string[] | undefined
  /** The baseline of a verification. Default: none, an object was held against its own digests. */
  readonly expected?: string | undefined
  /** What policy asked for. Default: not told. */
  readonly require?: Grade | undefined
  readonly strength?: Strength | undefined
}

/** A finding in plain English: sentences, each ending with a full stop, free of control characters and secrets. */
export interface Explanation {
  /** What was held against what, and what came of it. Never empty. */
  readonly verdict: readonly string[]
  /** Each side: its digest, where that came from, who vouches for it, and what such a digest can miss. */
  readonly evidence: readonly string[]
  /** What was read and what was not, and what that would not have shown. */
  readonly reading: readonly string[]
  /** Which side is wrong and how that is known, or why it cannot be told. Empty where nothing is wrong. */
  readonly blame: readonly string[]
  /** What would decide it, or raise the grade. Never empty. */
  readonly next: readonly string[]
  /** All of these, in this order. */
  readonly sentences: readonly string[]
  /** The same, one sentence a line. */
  readonly text: string
}
