import { assetPolicy, defineRule, factValue, numberOption, type Verdict } from '@backproof/core/audit'
import { type ProofReport, proofReports } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { copyUris, similarUri } from '../proof/copies.js'
import { type Reading, readingEvidence, readingOmitted, readingsOf } from '../proof/readings.js'
import { days, isoTime } from '../time.js'

/** The bytes of each copy were read again, and are those that were backed up. */
export const integrityVerified = defineRule({
  id: 'integrity-verified',
  title: 'The bytes of each copy were read and proven',
  description: [
    'For each copy that the policy names: of its bytes, the share that a verification or a comparison read and proved (matches of grade `read`) has to reach `minCoveragePercent`. What stored digests or sizes prove does not count. One row for each copy.',
    'A report counts when it is complete, over all keys, without filter, with nothing left out of the copy but markers of folders, young enough, and about exactly the URI that the policy names. A sample counts with the bytes that it read, and the row says so, in bytes. Reports are not added up, as nobody knows whether they read the same objects; parts of one run are merged before.',
    'Objects that differ, cannot be read, or are gone although a manifest names them are damage: more than `maxMismatches` of them fail, with severity critical. That counts in any report about the copy, however old, filtered or incomplete, until a later accepted one has read all of the copy and found no more than is allowed. A difference between two copies counts for both, unless the report knows which of them is damaged.',
  ],
  rationale:
    'Media rot without telling. A backup that nobody reads is found to be damaged on the day that it is needed.',
  category: 'restore',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({
    partial: 'CP-9(1); SI-7; A.8.13; PI1.5',
    supporting: 'A1.3; 312(c)(1); GDPR 32(1)(d); NIS2 4.2.3',
  }),
  remediation: {
    action: 'Repair what is damaged from another copy, and verify all of this one',
    steps: [
      'Look at the first objects in the evidence, and at what `backproof verify --explain KEY` says of them',
      'Copy them again from a copy that is proven',
      'Find out from the medium or the service why it happened',
      'Verify the whole copy, and give the report to the next audit',
    ],
    effort: 'medium',
  },
  messages: {
    verified: {
      status: 'pass',
      text: '{percent} % of the bytes of {copy} were read and proven as of {asOf}; {limit} % are required, damaged objects: {damaged}',
    },
    damaged: {
      status: 'fail',
      text: 'damaged objects of {copy} as of {asOf}: {damaged}, of which {mismatch} differ, {unreadable} cannot be read, {missing} are gone',
    },
    'too-little': {
      status: 'fail',
      text: 'only {percent} % of the bytes of {copy} were read and proven in the last {days} d; {limit} % are required',
    },
    'not-verified': {
      status: 'unknown',
      text: 'no accepted report tells of the bytes of {copy}; the newest about it, {report}, {why}',
    },
    'no-report': {
      status: 'unknown',
      text: 'none of the reports at hand, {reports} in all, is about {copy}: verify it, with this URI as it stands in the policy',
    },
    'similar-uri': {
      status: 'unknown',
      text: 'no report is about {place}, but one is about {similar}: where that is the same place, write it in the policy as reports do',
    },
    'no-copies': {
      status: 'unknown',
      text: 'the policy names no copies of the asset, so that nothing can be verified',
    },
  },
  options: {
    maxAgeDays: numberOption({
      default: 30,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: 'own choice: a month',
      description: 'How old a report may be.',
    }),
    minCoveragePercent: numberOption({
      default: 10,
      min: 0.01,
      max: 100,
      step: 0.01,
      unit: 'percent',
      stricter: 'higher',
      source: 'own choice: a tenth a month reads all within a year',
      description: 'Least share of the bytes of a copy that has to be read and proven.',
    }),
    maxMismatches: numberOption({
      default: 0,
      min: 0,
      unit: 'objects',
      stricter: 'lower',
      source: 'own choice: a backup is whole',
      description: 'Damaged objects that are accepted.',
    }),
  },
  needs: { policy: assetPolicy, reports: proofReports },
  evaluate: ({ now, options, facts }) => {
    const copies = copyUris(factValue(facts.policy) ?? { copies: [] })
    if (copies.length === 0) return { message: 'no-copies' }
    const reports = factValue(facts.reports) ?? []
    const terms = { now, maxAge: days(options.maxAgeDays), samples: true }
    return copies.map((copy) => ({
      subject: copy,
      ...verdictOf(copy, readingsOf(reports, copy, terms), reports, options),
    }))
  },
})

interface Limits {
  readonly maxAgeDays: number
  readonly minCoveragePercent: number
  readonly maxMismatches: number
}

type Message = 'verified' | 'damaged' | 'too-little' | 'not-verified' | 'no-report' | 'similar-uri'

const verdictOf = (
  copy: string,
  all: readonly Reading[],
  reports: readonly ProofReport[],
  limits: Limits,
): Verdict<Message> => {
  const { maxMismatches, minCoveragePercent: limit } = limits
  const accepted = all.filter(({ refusal }) => refusal === undefined)
  const cured = accepted.filter(({ whole, damaged }) => whole && damaged <= maxMismatches)
  const standing = all.filter(
    ({ damaged, refusal, to }) =>
      damaged > maxMismatches && !VOID.has(refusal?.reason ?? '') && !cured.some(({ from }) => from > to),
  )
  const hurt = first(standing, ({ to }) => to)
  if (hurt !== undefined) {
    const { damaged, mismatch, unreadable, missing } = hurt
    return {
      message: 'damaged',
      severity: 'critical',
      data: { copy, asOf: isoTime(hurt.to), damaged, mismatch, unreadable, missing },
      evidence: readingEvidence(hurt),
      evidenceOmitted: readingOmitted(hurt),
    }
  }
  const best = first(accepted, ({ percent }) => percent)
  if (best === undefined) {
    const newest = first(all, ({ to }) => (Number.isNaN(to) ? Number.NEGATIVE_INFINITY : to))
    if (newest === undefined) {
      const similar = similarUri(reports, copy)
      if (similar !== undefined) return { message: 'similar-uri', data: { place: copy, similar } }
      return { message: 'no-report', data: { copy, reports: reports.length } }
    }
    const data = { copy, report: newest.report.source, why: newest.refusal?.why ?? '' }
    return { message: 'not-verified', data, evidence: readingEvidence(newest).slice(0, 1) }
  }
  const { percent, proven, bytes, damaged, from } = best
  const data = { copy, percent, proven, bytes, limit, damaged, asOf: isoTime(from), days: limits.maxAgeDays }
  return {
    message: percent >= limit ? 'verified' : 'too-little',
    data,
    evidence: readingEvidence(best).slice(0, 1),
    ...(proven < bytes && { sampled: { taken: proven, of: bytes } }),
  }
}

/** What cannot be read says nothing, nor does what is dated in the future. */
const VOID: ReadonlySet<string> = new Set(['malformed', 'future'])

/** The one with the highest value; of equal ones the later, then the first by name of the report, whatever the order. */
const first = (readings: readonly Reading[], value: (reading: Reading) => number): Reading | undefined =>
  readings.reduce<Reading | undefined>((best, one) => {
    if (best === undefined) return one
    const order = value(one) - value(best) || one.to - best.to || (one.report.source < best.report.source ? 1 : -1)
    return order > 0 ? one : best
  }, undefined)
