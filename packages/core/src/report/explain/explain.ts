import type { ObjectFinding } from '../finding.js'
import type { RunResult } from '../report.js'
import { blameOf } from './blame.js'
import type { ExplainContext, Explanation } from './explanation.js'
import { nextOf } from './next.js'
import { readingOf } from './reading.js'
import { evidenceOf } from './side-words.js'
import { subjectOf } from './subject.js'
import { verdictOf } from './verdict.js'
import { sentence } from './words.js'

/**
 * Tells a finding in plain English: what was held against what, where each digest came from and who vouches for it, what was
 * read, which side is wrong where that is known, and what would decide it or raise its grade. It says no more than the finding
 * does: what the finding does not hold is not guessed. Pure; never throws.
 *
 * @param of The result that the finding is of, or what is to be known of it.
 */
export const explain = (finding: ObjectFinding, of: RunResult | ExplainContext): Explanation => {
  const subject = subjectOf(finding, of)
  const verdict = verdictOf(subject).map(sentence)
  const evidence = evidenceOf(subject).map(sentence)
  const reading = readingOf(subject).map(sentence)
  const blame = blameOf(subject).map(sentence)
  const next = nextOf(subject).map(sentence)
  const sentences = [...verdict, ...evidence, ...reading, ...blame, ...next]
  return { verdict, evidence, reading, blame, next, sentences, text: sentences.join('\n') }
}

/** The `verdict` of {@link explain} alone, for whoever tells millions of findings: a small part of the work. */
export const explainVerdict = (finding: ObjectFinding, of: RunResult | ExplainContext): Explanation['verdict'] =>
  verdictOf(subjectOf(finding, of)).map(sentence)
