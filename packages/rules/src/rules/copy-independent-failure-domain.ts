import { assetPolicy, defineRule, factValue, numberOption, policyFact } from '@backproof/core/audit'
import { recoveryPoints } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { DOMAINS } from '../copies/apart.js'
import { domainsOf, domainsOption, relationIn, relationOver, saysIn } from '../copies/domains.js'
import { copyDoubts, doubtsText, silentPlaces, unsaid } from '../copies/doubts.js'
import { independentCopies } from '../copies/independent.js'
import { notDue } from '../copies/not-due.js'
import { copiesOf, copyLimit, copyOptions, placeEvidence } from '../copies/places.js'
import { pointsByStore } from '../copies/store-points.js'
import { inHours } from '../time.js'

/** Enough copies share nothing that can be lost at once. */
export const copyIndependentFailureDomain = defineRule({
  id: 'copy-independent-failure-domain',
  title: 'Copies do not fall together',
  description: [
    'Production and each store with a usable recovery point that is no older than the RPO of the asset plus `maxLag` are copies. Two that share a device, an account, a region, a provider, an administrator or a key count once: counted is the largest set of copies of which no two share any of the `domains`. Usable: complete, with a key that can be used, if it needs one.',
    'What copies share is what the policy declares of `production` and of the stores, compared by name. What it does not say is not known to be apart: the verdict is `unknown` where it depends on it, and names what is missing. Devices in two sites, or of two providers, are two; where no site is named, regions stand for sites. One store that lies on the device of production counts as one with it.',
  ],
  rationale:
    'Copies that one fire, one stolen password, one lost key or one closed account takes at once are one copy, however many there are.',
  category: 'copies',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'CP-6(1); CP-9(3); A.8.14', supporting: 'DORA 12(3)' }),
  remediation: {
    action: 'Separate what copies share, or add a copy that shares nothing with the others',
    steps: [
      'Look in the evidence at which domain of which copies is the same',
      'Move one of them to another device, account, region or provider, or give it administrators and a key of its own',
      'Write in the policy what is true since then',
    ],
    effort: 'large',
  },
  messages: {
    independent: { status: 'pass', text: '{least} copies share no {domains}; {needed} are asked for' },
    dependent: {
      status: 'fail',
      text: 'of {places} copies, production among them, only {most} share no {domains}; {needed} are asked for',
    },
    'not-known': {
      status: 'unknown',
      text: 'copies that share no {domains}: at least {least}, at most {most}; {needed} are asked for, and {why}',
    },
    ...notDue.messages,
  },
  options: {
    domains: domainsOption(
      DOMAINS.filter((domain) => domain !== 'site'),
      'audit catalogue',
    ),
    minDistinct: numberOption({
      default: 3,
      min: 2,
      max: 16,
      unit: 'copies',
      stricter: 'higher',
      source: 'audit catalogue',
      description: 'Copies that have to be independent, production among them.',
    }),
    ...copyOptions,
  },
  needs: { asset: assetPolicy, policy: policyFact },
  folds: (fold) => ({ points: fold(recoveryPoints, pointsByStore) }),
  evaluate: ({ now, options, facts, folds: { points } }) => {
    const asset = factValue(facts.asset)
    const copyFacts = { now, asset, policy: factValue(facts.policy), points, limit: copyLimit(asset, options.maxLag) }
    const copies = copiesOf(copyFacts)
    const places = [copies.production, ...copies.stores]
    const domains = domainsOf(options.domains)
    const { least, most } = independentCopies(places, (a, b) => relationOver(a.domains, b.domains, domains))
    const needed = options.minDistinct
    const present = places.filter(({ holds }) => holds !== 'no')
    const data = {
      least,
      most,
      needed,
      places: present.length,
      domains: domains.join(', '),
      limitHours: inHours(copyFacts.limit),
    }
    const evidence = places.map(placeEvidence)
    if (least >= needed) return { message: 'independent', data, evidence }
    if (most >= needed || copies.open.length > 0) {
      const silent = domains.flatMap((domain) =>
        unsaid(
          domain,
          silentPlaces(
            present,
            (place) => saysIn(place.domains, domain),
            (a, b) => relationIn(a.domains, b.domains, domain),
          ),
        ),
      )
      const why = doubtsText([...copyDoubts(copies, places), ...silent])
      return { message: 'not-known', data: { ...data, why }, evidence }
    }
    return notDue.verdictOf(copyFacts) ?? { message: 'dependent', data, evidence }
  },
})
