import {
  assetPolicy,
  defineRule,
  durationOption,
  factValue,
  numberOption,
  policyFact,
  type Review,
} from '@backproof/core/audit'
import { recoveryPoints } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { nameOf } from '../copies/apart.js'
import { copyDoubts, doubtsText } from '../copies/doubts.js'
import { notDue } from '../copies/not-due.js'
import { copiesOf, type Place, placeEvidence } from '../copies/places.js'
import { pointsByStore } from '../copies/store-points.js'
import { isCurrent } from '../governance/dates.js'
import { coversStore, signedReviews } from '../governance/reviews.js'
import { usabilityOptions } from '../recovery-points/usability.js'
import { days, inHours, isoTime } from '../time.js'

/** A copy of each asset lies where nobody who has production can reach it. */
export const copyAirGapped = defineRule({
  id: 'copy-air-gapped',
  title: 'A copy is out of reach of production',
  description: [
    'A store that the policy declares as `airGapped` holds a usable recovery point that is young enough, and that nobody can remove: it is locked in the mode `compliance`, or the medium is in custody. Usable: complete, with a key that can be used, if it needs one.',
    'In custody: the policy has a signed review of the kind `media`, no older than `custodyMaxAgeDays`, whose scope names the store, or that has no scope; object stores are no media. That the store is cut off is what the policy declares: nobody tried to reach it.',
    'A lock of which nobody tells is `unknown`, and so is a store that the policy does not know. One that it knows and does not declare as `airGapped` is not.',
  ],
  rationale:
    'Who breaks into production looks for the backups first. What cannot be reached from there is what is left.',
  category: 'copies',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'CIS 11.4', supporting: 'CP-9(3); PCI 9.4.1.1; A.8.13; DORA 12(3)' }),
  remediation: {
    action:
      'Copy to a vault of its own account with a compliance lock, or to media that are taken out and kept in custody, and record that',
    effort: 'large',
  },
  messages: {
    'air-gapped': {
      status: 'pass',
      text: '{store}, air-gapped as the policy declares, holds a usable recovery point of {created}, {how}',
    },
    'no-store': { status: 'fail', text: 'the policy declares no store with copies of it as air-gapped' },
    late: {
      status: 'fail',
      text: 'no air-gapped store holds a usable recovery point that is younger than {limitHours} h',
    },
    unprotected: {
      status: 'fail',
      text: 'what air-gapped stores hold can be removed: it is neither locked in the mode compliance, nor on media in custody since {custodySince}',
    },
    'not-known': { status: 'unknown', text: 'whether a copy is out of reach is not known: {why}' },
    ...notDue.messages,
  },
  options: {
    maxAge: durationOption({
      default: days(1),
      min: 1_000,
      stricter: 'lower',
      source: 'AWS Config (resources in logically air-gapped vault), which allows up to 91 days',
      description: 'How old the newest usable recovery point out of reach may be.',
    }),
    custodyMaxAgeDays: numberOption({
      default: 365,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: 'PCI DSS 9.4.1.2: every twelve months',
      description: 'How old the record of the custody of media may be.',
    }),
    ...usabilityOptions,
  },
  needs: { asset: assetPolicy, policy: policyFact },
  folds: (fold) => ({ points: fold(recoveryPoints, pointsByStore) }),
  evaluate: ({ now, options, facts, folds: { points } }) => {
    const policy = factValue(facts.policy)
    const copyFacts = { now, asset: factValue(facts.asset), policy, points, limit: options.maxAge }
    const copies = copiesOf(copyFacts)
    const custodySince = now - days(options.custodyMaxAgeDays)
    const isRecent = ({ at }: Review): boolean => isCurrent(at, now, days(options.custodyMaxAgeDays))
    const reviews = policy === undefined ? [] : signedReviews(policy, 'media', now).filter(isRecent)
    const judged = copies.stores.map((place) => ({ place, ...protectionOf(place, reviews, now - options.maxAge) }))
    const gapped = judged.filter(({ place }) => place.store?.airGapped === true)
    const data = { limitHours: inHours(options.maxAge), custodySince: isoTime(custodySince) }

    const found = gapped.find(({ place, isSafe }) => place.holds === 'yes' && isSafe)
    if (found !== undefined) {
      const { place, how, at } = found
      return {
        message: 'air-gapped',
        data: { ...data, store: place.id, created: isoTime(at), how },
        evidence: [placeEvidence(place)],
      }
    }
    const evidence = [copies.production, ...copies.stores].map(placeEvidence)
    const strange = copies.stores.filter(({ store, holds }) => store === undefined && holds !== 'no')
    const unsure = gapped.filter(
      ({ place: { holds }, mayBeSafe }) => holds === 'maybe' || (holds === 'yes' && mayBeSafe),
    )
    if (strange.length + unsure.length + copies.open.length > 0) {
      const why = doubtsText([
        ...copyDoubts(
          copies,
          unsure.map(({ place }) => place),
        ),
        ...unsure
          .filter(({ place }) => place.holds === 'yes')
          .map(({ place }) => `${place.id}: nobody says whether it can be removed`),
        ...strange.map(({ id }) => `the policy does not know the store ${id}`),
      ])
      return { message: 'not-known', data: { ...data, why }, evidence }
    }
    const due = notDue.verdictOf(copyFacts)
    if (due !== undefined) return due
    if (gapped.length === 0) return { message: 'no-store', data, evidence }
    return { message: gapped.every(({ place }) => place.holds === 'no') ? 'late' : 'unprotected', data, evidence }
  },
})

interface Protection {
  readonly isSafe: boolean
  readonly mayBeSafe: boolean
  /** Why nobody can remove it, in words. */
  readonly how: string
  /** When the recovery point that this is about was made. */
  readonly at: number
}

/** Whether what a store holds can be removed. @param young Older recovery points do not count. */
const protectionOf = ({ id, domains, points }: Place, reviews: readonly Review[], young: number): Protection => {
  const { usable, locked, perhapsLocked } = points
  const media = nameOf(domains.media)
  const custody = reviews.find((review) => coversStore(review, id))
  if (locked !== undefined && locked.created >= young)
    return { isSafe: true, mayBeSafe: true, how: 'which nobody can remove', at: locked.created }
  const isKept = custody !== undefined && media !== undefined && media !== 'object'
  return {
    isSafe: isKept,
    mayBeSafe:
      (perhapsLocked !== undefined && perhapsLocked.created >= young) || (custody !== undefined && media === undefined),
    how: custody === undefined ? '' : `on media that were in custody at ${isoTime(custody.at)}`,
    at: usable?.created ?? 0,
  }
}
