import { defineRule, type FoldedFact, factValue, flagOption, numberOption, policyFact } from '@backproof/core/audit'
import { drills, recoveryPoints } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import {
  assetTests,
  type ByAsset,
  type CoverageInput,
  type OldPoint,
  oldestPoints,
  oldestTested,
  shareTested,
} from '../restore-coverage.js'
import { days, inDays, isoTime } from '../time.js'

const YEAR = days(365)
const QUARTER = days(92)

/** Whether restore tests reach all assets, and old backups too. */
export const restoreTestCoverage = defineRule({
  id: 'restore-test-coverage',
  title: 'Restore tests reach all assets',
  description: [
    'Of the assets of the policy, at least `minAssetsPercent` were restored with success within 365 days, and at least `samplePerQuarter` percent within 92 days. With `includeOldest`, a restore test of these 365 days brought back a recovery point that is at least as old as the oldest that exists now: old media, formats and keys are what fails first.',
    'Each of the three is a verdict of its own. A restore test counts when it succeeded and its validation did not fail, run out of time or still go on. An asset that has to be backed up for a shorter time (`since` in the policy) and was not restored yet is left out. Assets that the policy does not name do not count.',
  ],
  rationale:
    'The backup that is needed is seldom the one that was tested. A sample that never rotates proves one asset.',
  category: 'restore',
  severity: 'medium',
  scope: 'estate',
  since: '0.1.0',
  clauses: clauses({ partial: 'CP-9(2); CIS 11.5; A1.3', supporting: 'DORA 12(2)' }),
  remediation: {
    action: 'Rotate the sample: restore the assets named in the evidence next, and one of the oldest recovery points',
    effort: 'medium',
  },
  messages: {
    covered: {
      status: 'pass',
      text: '{tested} of {assets} assets, {percent} %, were restored with success in {days} days; at least {needed} % are required',
    },
    'not-covered': {
      status: 'fail',
      text: '{tested} of {assets} assets, {percent} %, were restored with success in {days} days; at least {needed} % are required',
    },
    'coverage-unknown': {
      status: 'unknown',
      text: '{tested} of {assets} assets, {percent} %, were restored with success in {days} days, perhaps more: {reason}; at least {needed} % are required',
    },
    'oldest-tested': {
      status: 'pass',
      text: 'a recovery point of {created} was restored; the oldest that exists, one of {asset}, is of {oldest}',
    },
    'oldest-not-tested': {
      status: 'fail',
      text: 'no recovery point as old as the oldest that exists, one of {asset} of {oldest}, was restored in {days} days',
    },
    'oldest-unknown': {
      status: 'unknown',
      text: 'whether the oldest recovery point was restored in {days} days is not known: {reason}',
    },
    'no-register': { status: 'unknown', text: 'without a policy nobody knows which assets there are' },
    'no-assets': {
      status: 'not-applicable',
      text: 'the policy names no asset that had to be restored in {days} days',
    },
    'nothing-asked': { status: 'not-applicable', text: 'its options ask for nothing' },
  },
  options: {
    minAssetsPercent: numberOption({
      default: 100,
      min: 0,
      max: 100,
      step: 0.1,
      unit: 'percent',
      stricter: 'higher',
      source: 'audit catalogue: every asset once a year, own choice',
      description: 'Share of assets that have to be restored within 365 days. 0: not asked.',
    }),
    samplePerQuarter: numberOption({
      default: 25,
      min: 0,
      max: 100,
      step: 0.1,
      unit: 'percent',
      stricter: 'higher',
      source: 'audit catalogue: a quarter of all in each quarter, own choice',
      description: 'Share of assets that have to be restored within 92 days. 0: not asked.',
    }),
    includeOldest: flagOption({
      default: true,
      source: 'audit catalogue: the oldest point is part of the sample',
      description: 'Whether a recovery point as old as the oldest has to be restored within 365 days.',
    }),
  },
  needs: { policy: policyFact },
  folds: (fold) => ({ tests: fold(drills, assetTests(YEAR)), points: fold(recoveryPoints, oldestPoints) }),
  evaluate: ({ now, facts, folds: { tests, points }, options }) => {
    const policy = factValue(facts.policy)
    if (policy === undefined) return { message: 'no-register' }
    const { minAssetsPercent, samplePerQuarter, includeOldest } = options
    const input: CoverageInput = { assets: policy.assets, tests, now, until: Math.min(tests.observedAt, now) }
    const verdicts = [
      ...(minAssetsPercent > 0 ? [share(input, 'year', YEAR, minAssetsPercent)] : []),
      ...(samplePerQuarter > 0 ? [share(input, 'quarter', QUARTER, samplePerQuarter)] : []),
      ...(includeOldest ? [oldestVerdict(input, points)] : []),
    ]
    return verdicts.length === 0 ? { message: 'nothing-asked' } : verdicts
  },
})

/** Pieces of evidence that are kept: what is not shown need not be made. */
const SHOWN = 20

const share = (input: CoverageInput, subject: string, period: number, needed: number) => {
  const { assets, tested, perhaps, reason, untested } = shareTested(input, period)
  const data = { tested, assets, days: inDays(period), needed }
  if (assets === 0) return { message: 'no-assets', subject, data } as const
  const percent = Math.floor((10_000 * tested) / assets) / 100
  const verdict = {
    subject,
    data: { ...data, percent, reason },
    evidence: untested.slice(0, SHOWN).map((id) => {
      const last = input.tests.value.assets.get(id)?.tested
      return { kind: 'asset', id, data: { lastRestored: last === undefined ? null : isoTime(last) } }
    }),
    evidenceOmitted: Math.max(0, untested.length - SHOWN),
  }
  // 16.1 * 1000 is above 16,100 in binary.
  const suffices = (count: number): boolean => 100 * count >= needed * assets - 1e-6
  if (suffices(tested)) return { message: 'covered', ...verdict } as const
  return { message: suffices(perhaps) ? 'coverage-unknown' : 'not-covered', ...verdict } as const
}

const oldestVerdict = (input: CoverageInput, points: FoldedFact<ByAsset<OldPoint>>) => {
  const { oldest, by, reached, reason } = oldestTested(input, YEAR, points)
  const subject = 'oldest'
  const data = { days: inDays(YEAR), reason }
  if (input.assets.length === 0) return { message: 'no-assets', subject, data } as const
  if (oldest === undefined) return { message: 'oldest-unknown', subject, data } as const
  const verdict = {
    subject,
    data: {
      ...data,
      asset: oldest.asset,
      oldest: isoTime(oldest.created),
      created: by === undefined ? null : isoTime(by.created),
    },
    evidence: [
      { kind: 'recovery-point', id: oldest.id, at: isoTime(oldest.created), data: { asset: oldest.asset } },
      ...(by === undefined
        ? []
        : [
            {
              kind: 'drill',
              id: by.drill,
              at: isoTime(by.started),
              data: { asset: by.asset, recoveryPointCreated: isoTime(by.created) },
            },
          ]),
    ],
  }
  if (reason !== '') return { message: 'oldest-unknown', ...verdict } as const
  return { message: reached ? 'oldest-tested' : 'oldest-not-tested', ...verdict } as const
}
