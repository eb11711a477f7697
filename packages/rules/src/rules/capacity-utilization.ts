import {
  defineRule,
  durationOption,
  factValue,
  flagOption,
  numberOption,
  storePolicy,
  type Verdict,
} from '@backproof/core/audit'
import { capacitySamples } from '@backproof/core/history'
import {
  aheadSample,
  capacityMessages,
  judgeable,
  keepNewest,
  limitLost,
  type NewestSample,
  roomsOf,
  sampleEvidence,
  sampleTrouble,
} from '../capacity.js'
import { clauses } from '../clauses.js'
import { days } from '../time.js'

/** How full a store is. */
export const capacityUtilization = defineRule({
  id: 'capacity-utilization',
  title: 'Stores have room left',
  description: [
    'Share = what is used / the limit, in the newest sample. The limit is what the sample tells, or the quota of the store in the policy; of both the tighter one. Bytes and, where they are limited, objects (inodes of file systems) get a verdict each.',
    'Object stores have no limit of their own: without a quota there is nothing to judge. Where nobody has looked within `maxSampleAge` it is not known how full the store is.',
  ],
  rationale:
    'A store that is full ends every backup at once, and often damages the one that is being written. Above 80 % there is still time to do something about it.',
  category: 'capacity',
  severity: 'high',
  scope: 'store',
  since: '0.1.0',
  clauses: clauses({ partial: 'A.8.6; A1.1', supporting: 'CP-2(2); AU-4' }),
  remediation: {
    action: 'Expand the store, or free room in it, before the next backups fail',
    steps: [
      'See whether something other than backups grew in it',
      'Look for recovery points that retention should have removed',
      'Order capacity, or raise the quota, for the trend that `capacity-runway` shows',
    ],
    effort: 'medium',
  },
  messages: {
    within: {
      status: 'pass',
      text: '{percent} % of its {resource} are used; up to {warnPercent} % nothing has to be done',
    },
    'above-warning': {
      status: 'fail',
      text: '{percent} % of its {resource} are used; above {warnPercent} % something has to be done',
    },
    'nearly-full': { status: 'fail', text: '{percent} % of its {resource} are used, more than {failPercent} %' },
    ...capacityMessages,
  },
  options: {
    warnPercent: numberOption({
      default: 80,
      min: 0,
      max: 100,
      step: 0.1,
      unit: 'percent',
      stricter: 'lower',
      source: 'seed: capacity above 80 % leads to action',
      description: 'Above this share it fails.',
    }),
    failPercent: numberOption({
      default: 90,
      min: 0,
      max: 100,
      step: 0.1,
      unit: 'percent',
      stricter: 'lower',
      source: 'Security Command Center: its control of audit logs uses 90 %',
      description: 'Above this share it fails with severity critical.',
    }),
    inodes: flagOption({
      default: true,
      source: 'audit catalogue',
      description: 'Whether the number of objects is judged too, where it is limited.',
    }),
    maxSampleAge: durationOption({
      default: days(2),
      stricter: 'lower',
      source: 'own choice: one sample a day, of which one may be lost',
      description: 'The newest sample may be this old; beyond it the result is `unknown`.',
    }),
  },
  needs: { store: storePolicy },
  folds: (fold) => ({
    samples: fold(capacitySamples, { init: (): NewestSample => ({ limited: {} }), step: keepNewest }),
  }),
  evaluate: ({ now, facts, folds: { samples }, options }) => {
    const { warnPercent, failPercent } = options
    const { newest, ahead } = samples.value
    const trouble = sampleTrouble(samples.value, options.maxSampleAge, now)
    if (trouble !== undefined || newest === undefined) return trouble ?? { message: 'no-sample' }
    return roomsOf(newest, samples.value, factValue(facts.store), options.inodes).map((room): Judged => {
      const evidence = [sampleEvidence(newest, room)]
      const judged = judgeable(room, evidence)
      if ('message' in judged) return judged
      const { used, limit } = judged
      // Products, not quotients: 80 of 100 is not above 80 %. Percents are shown rounded up: what is above a limit reads so.
      const above = (percent: number): boolean => used * 100 > percent * limit
      const percent = Math.ceil((used * 10_000) / limit) / 100
      const { resource, limitFrom } = room
      const verdict = {
        subject: resource,
        data: { resource, percent, used, limit, limitFrom, warnPercent, failPercent },
        evidence,
      }
      if (above(failPercent)) return { ...verdict, message: 'nearly-full', severity: 'critical' }
      if (above(warnPercent)) return { ...verdict, message: 'above-warning' }
      if (ahead !== undefined) return { ...aheadSample(ahead), subject: resource }
      return room.isLost ? limitLost(room, evidence) : { ...verdict, message: 'within' }
    })
  },
})

type Judged = Verdict<'within' | 'above-warning' | 'nearly-full' | keyof typeof capacityMessages>
