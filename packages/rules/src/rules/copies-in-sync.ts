import { assetPolicy, choiceOption, defineRule, factValue, numberOption, type Verdict } from '@backproof/core/audit'
import { type ProofReport, proofReports } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { type Standing, standingsOf } from '../proof/agreement.js'
import {
  type Comparison,
  comparisonEvidence,
  comparisonOmitted,
  comparisonsOf,
  reportTime,
} from '../proof/comparisons.js'
import { copyUris, similarUri } from '../proof/copies.js'
import { days, isoTime, minutes } from '../time.js'

/** Copies on other platforms hold what the primary holds. */
export const copiesInSync = defineRule({
  id: 'copies-in-sync',
  title: 'Copies hold the same objects',
  description: [
    'Every copy that the policy names has to be connected with the primary by reports of comparisons which prove that both hold the same objects, over other copies if need be. One row for each copy but the primary.',
    'A report proves only what it covered: it has to be complete, over all keys, without filter or sample, with nothing left out on either side but markers of folders, young enough, and about exactly the URIs that the policy names. At least one object matched, none was left undecided, and all matched by digests that a storage service stands for, or by reading, as `compare` asks. Two replicas of one report agree where one of them is equal to the source in everything.',
    'What a report found different counts also where the report is filtered or incomplete, until a later one proves the opposite. Objects that are missing are on their way, and do not count, where the finding says that they were written less than `maxLagMinutes` before the comparison began; where it does not say when, they count as missing. A hard link to the same file is no copy.',
  ],
  rationale:
    'Replication that is switched on can still lag, skip objects or copy damage. Only a comparison shows that the other copy would serve.',
  category: 'copies',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'CP-9(5); SI-7; CIS 11.4; A.8.13', supporting: 'PI1.5; 312(c)(1)' }),
  remediation: {
    action: 'Copy what differs again from the copy that is whole, and compare once more',
    steps: [
      'Look at the first objects in the evidence, and have `backproof compare --explain KEY` tell which side is damaged',
      'Copy what is missing or different again',
      'Compare the copies without a filter, and give the report to the next audit',
    ],
    effort: 'medium',
  },
  messages: {
    'in-sync': {
      status: 'pass',
      text: '{copy} holds the {matches} objects of {primary}, as of {asOf}; missing: {missing}, on their way: {onTheWay}',
    },
    differs: {
      status: 'fail',
      text: '{copy} is not the same as {against}, as of {asOf}; objects missing: {missing}, different: {mismatch}, unreadable: {unreadable}, in this copy only: {extra}',
    },
    'same-files': {
      status: 'fail',
      text: '{copy} is no copy of {against}: objects that are the same files under another name: {sameFile}',
    },
    'not-proven': {
      status: 'unknown',
      text: 'no accepted report connects {copy} with {primary}; the newest that names it, {report}, {why}',
    },
    'no-report': {
      status: 'unknown',
      text: 'none of the reports at hand, {reports} in all, compares {copy} with another copy of the asset: compare them, with these URIs as they stand in the policy',
    },
    'one-copy': { status: 'not-applicable', text: 'the policy names one copy only, {primary}' },
    'similar-uri': {
      status: 'unknown',
      text: 'no report is about {place}, but one is about {similar}: where that is the same place, write it in the policy as reports do',
    },
    'no-copies': {
      status: 'unknown',
      text: 'the policy names no copies of the asset, so that nothing can be compared',
    },
  },
  options: {
    maxMissing: numberOption({
      default: 0,
      min: 0,
      unit: 'objects',
      stricter: 'lower',
      source: 'own choice: a copy is whole',
      description: 'Objects of the primary that a copy may lack, beside those on their way.',
    }),
    maxLagMinutes: numberOption({
      default: 15,
      min: 0,
      max: 525_600,
      unit: 'minutes',
      stricter: 'lower',
      source: 'the target of S3 Replication Time Control',
      description: 'What was written so shortly before the comparison may still be on its way.',
    }),
    maxAgeDays: numberOption({
      default: 7,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: 'own choice: a comparison a week',
      description: 'How old a report, and a list that it compared, may be.',
    }),
    compare: choiceOption({
      default: 'checksum',
      choices: ['read', 'checksum', 'claimed', 'size'],
      source: 'own choice: sizes do not show other content, nor do digests that nobody checked',
      description:
        'The weakest evidence that counts: both copies were read; digests that a storage service vouches for; digests that a client claimed; sizes.',
    }),
    extras: choiceOption({
      default: 'fail',
      choices: ['fail', 'allow'],
      source: 'own choice: what the primary lost is found in this way',
      description: 'Whether a copy may hold objects that the primary does not have.',
    }),
  },
  needs: { policy: assetPolicy, reports: proofReports },
  evaluate: ({ now, options, facts }) => {
    const [primary, ...copies] = copyUris(factValue(facts.policy) ?? { copies: [] })
    if (primary === undefined) return { message: 'no-copies' }
    if (copies.length === 0) return { message: 'one-copy', data: { primary } }
    const reports = factValue(facts.reports) ?? []
    const comparisons = comparisonsOf(reports, new Set([primary, ...copies]), {
      now,
      maxAge: days(options.maxAgeDays),
      samples: false,
      required: options.compare,
      maxLag: minutes(options.maxLagMinutes),
    })
    const standings = standingsOf(primary, copies, comparisons, options)
    return copies.map((copy) => ({ subject: copy, ...verdictOf(copy, primary, standings.get(copy)!, reports) }))
  },
})

type Message = 'in-sync' | 'differs' | 'same-files' | 'not-proven' | 'no-report' | 'similar-uri'

const verdictOf = (
  copy: string,
  primary: string,
  standing: Standing,
  reports: readonly ProofReport[],
): Verdict<Message> => {
  if (standing.state === 'agrees') {
    const { path, missing } = standing
    const oldest = Math.min(...path.map(({ from }) => from))
    const counts = { matches: Math.min(...path.map(({ matches }) => matches)), onTheWay: sum(path, 'onTheWay') }
    const data = { copy, primary, ...counts, missing, extra: sum(path, 'extra'), asOf: isoTime(oldest) }
    return { message: 'in-sync', data, evidence: path.flatMap((one) => comparisonEvidence(one).slice(0, 1)) }
  }
  const { by } = standing
  if (by === undefined) {
    for (const place of [copy, primary]) {
      const similar = similarUri(reports, place)
      if (similar !== undefined) return { message: 'similar-uri', data: { place, similar } }
    }
    return { message: 'no-report', data: { copy, primary, reports: reports.length } }
  }
  const evidence = comparisonEvidence(by)
  if (standing.state === 'unknown') {
    const data = { copy, primary, report: by.report.source, why: standing.why ?? '' }
    return { message: 'not-proven', data, evidence: evidence.slice(0, 1) }
  }
  const { missing, onTheWay, mismatch, unreadable, extra, sameFile } = by
  const data = { copy, against: by.near, asOf: reportTime(by).at ?? '' }
  if (missing + mismatch + unreadable + extra === 0) {
    return { message: 'same-files', data: { ...data, sameFile }, evidence }
  }
  return {
    message: 'differs',
    data: { ...data, missing, onTheWay, mismatch, unreadable, extra, sameFile },
    evidence,
    evidenceOmitted: comparisonOmitted(by),
  }
}

const sum = (path: readonly Comparison[], name: 'onTheWay' | 'extra'): number =>
  path.reduce((total, one) => total + one[name], 0)
