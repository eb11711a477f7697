import {
  assetPolicy,
  defineRule,
  factValue,
  type Message,
  numberOption,
  policyFact,
  type Verdict,
} from '@backproof/core/audit'
import { drills, proofReports, recoveryPoints } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { type Relation, relationOf, says } from '../copies/apart.js'
import { copyDoubts, doubtsText, silentPlaces, unsaid } from '../copies/doubts.js'
import { copiesElsewhere } from '../copies/elsewhere.js'
import { type Bounds, independentCopies } from '../copies/independent.js'
import { lastErrors } from '../copies/last-errors.js'
import { distinctMedia, unremovable } from '../copies/numbers.js'
import { copiesOf, copyLimit, copyOptions, type Place, placeEvidence } from '../copies/places.js'
import { pointsByStore } from '../copies/store-points.js'
import { newestDrills } from '../drills.js'
import { days } from '../time.js'

const NUMBERS = ['copies', 'media', 'offsite', 'immutable'] as const

const ERRORS = 'errors in the last proofs and restore test'

/** What is said of one of the first four numbers. */
const numberMessages = <N extends string>(name: N, what: string) =>
  ({
    [`${name}-enough`]: { status: 'pass', text: `${what}: {least}; asked for: {needed}` },
    [`${name}-few`]: { status: 'fail', text: `${what}: {most}; asked for: {needed}` },
    [`${name}-not-known`]: { status: 'unknown', text: `${what}: {least} for certain; asked for: {needed}; {why}` },
  }) as Readonly<Record<`${N}-${'enough' | 'few' | 'not-known'}`, Message>>

const howMany = (least: number, normal: number, unit: string, description: string) =>
  numberOption({
    default: normal,
    min: least,
    max: 16,
    unit,
    stricter: 'higher',
    source: 'audit catalogue',
    description,
  })

/** Three copies, two media, one off-site, one that cannot be removed, no errors. */
export const threeTwoOneOneZero = defineRule({
  id: 'three-two-one-one-zero',
  title: 'Three copies, two media, one off-site, one immutable, no errors',
  description: [
    'One row a number. A copy is production, or a store with a usable recovery point no older than the RPO plus `maxLag`. What the policy does not say of stores makes numbers `unknown`.',
    '`offsite`: at another site than production, else than the primary copy. `immutable`: declared as air-gapped, or locked in the mode compliance. `errors`: the most that a report about a copy, or the last restore test, found; needed: a report of the last 30 days that read some of each copy, a checked test of the last year.',
  ],
  rationale: 'Each number guards against another loss: of a device, medium or site, to attackers, to decay.',
  category: 'copies',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({
    partial: 'CP-9(3); CP-9(5); CP-6; CIS 11.4; A.8.13; NIS2 4.2.2(c)',
    supporting: 'A1.2; DORA 12',
  }),
  remediation: {
    action: 'Add the missing copy, repair what is damaged, or say where copies lie',
    effort: 'large',
  },
  messages: {
    ...numberMessages('copies', 'copies on devices of their own, with production'),
    ...numberMessages('media', 'kinds of media'),
    ...numberMessages('offsite', 'copies off-site'),
    ...numberMessages('immutable', 'copies that nobody can remove'),
    'no-errors': { status: 'pass', text: `${ERRORS}: {errors}` },
    errors: { status: 'fail', text: `${ERRORS}: {errors}; allowed: {needed}` },
    'errors-not-known': { status: 'unknown', text: `${ERRORS}: not known; {why}` },
    'not-asked': { status: 'not-applicable', text: 'not asked for, or not due yet' },
  },
  options: {
    copies: howMany(2, 3, 'copies', 'Copies on devices of their own, with production.'),
    media: howMany(1, 2, 'kinds', 'Kinds of media.'),
    offsite: howMany(0, 1, 'copies', 'Copies at another site.'),
    immutable: howMany(0, 1, 'copies', 'Copies that nobody can remove.'),
    errors: numberOption({
      default: 0,
      unit: 'errors',
      stricter: 'lower',
      source: 'audit catalogue',
      description: 'Errors that are accepted.',
    }),
    ...copyOptions,
  },
  needs: { asset: assetPolicy, policy: policyFact, reports: proofReports },
  folds: (fold) => ({ points: fold(recoveryPoints, pointsByStore), tests: fold(drills, newestDrills) }),
  evaluate: ({ now, options, facts, folds: { points, tests } }) => {
    const asset = factValue(facts.asset)
    const copyFacts = { now, asset, policy: factValue(facts.policy), points, limit: copyLimit(asset, options.maxLag) }
    const copies = copiesOf(copyFacts)
    const places = [copies.production, ...copies.stores]
    const present = places.filter(({ holds }) => holds !== 'no')
    const evidence = places.map(placeEvidence)
    const { sure, possible, why } = copiesElsewhere(copies, copyFacts, 'site')
    const relation = (a: Place, b: Place): Relation => relationOf(a.domains, b.domains, 'device')
    const silent = silentPlaces(present, ({ domains }) => says(domains, 'device'), relation)
    const numbers: Readonly<Record<(typeof NUMBERS)[number], readonly [Bounds, readonly string[]]>> = {
      copies: [independentCopies(places, relation), unsaid('device', silent)],
      media: distinctMedia(present),
      offsite: [{ least: sure.length, most: possible.length }, why],
      immutable: unremovable(copies, now - copyFacts.limit),
    }
    const reports = factValue(facts.reports) ?? []
    const uris = [...new Set(asset?.copies.map(({ uri }) => uri))]
    const proofs = lastErrors(uris, reports, tests.value, { now, maxAge: days(30), samples: true })
    // Where a failure may be none, nothing else passes.
    const isPart = points.partial === true
    const isNew = (asset?.since ?? 0) > now - copyFacts.limit
    const verdicts = NUMBERS.map((name): Verdict<Message321> => {
      const [{ least, most }, unsaid] = numbers[name]
      const needed = options[name]
      const data = { least, most, needed, why: doubtsText([...unsaid, ...copyDoubts(copies, present)]) }
      const isOpen = most >= needed || copies.open.length > 0
      const end = least >= needed && !isPart ? 'enough' : isOpen ? 'not-known' : 'few'
      if (needed === 0 || (end === 'few' && isNew)) return { message: 'not-asked', subject: name }
      return { message: `${name}-${end}`, subject: name, data, evidence }
    })
    const { errors, doubts } = proofs
    const needed = options.errors
    const message = errors > needed ? 'errors' : isPart || doubts.length > 0 ? 'errors-not-known' : 'no-errors'
    const data = { errors, needed, why: doubtsText([...doubts, ...(isPart ? copies.open : [])]) }
    return [...verdicts, { message, subject: 'errors', data, evidence: proofs.evidence }]
  },
})

type Message321 = `${(typeof NUMBERS)[number]}-${'enough' | 'few' | 'not-known'}` | 'not-asked'
