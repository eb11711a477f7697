import { assetPolicy, defineRule, factValue, numberOption } from '@backproof/core/audit'
import { type Drill, drills } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { aheadVerdict, drillData, drillEvidence, measurable, measuredMessages, newestDrills } from '../drills.js'
import { inMinutes, minutes } from '../time.js'

/** Whether an asset comes back as fast as it has to. */
export const restoreMeetsRto = defineRule({
  id: 'restore-meets-rto',
  title: 'Restores meet the recovery time objective',
  description: [
    'Time = what the newest restore test that is over took from the decision to the working restore (`endToEndMs`, else from its start to its end). Where only a sample was restored, it is scaled to the whole: (time - thaw) * bytesTotal / bytesRestored + thaw, as waiting for an archive tier does not grow with size. A wait for an archive that nobody told counts as none, which makes the scaled time longer, never shorter.',
    'The time that is allowed: `maxMinutes`; else `rto` of the asset in the policy; else 720 minutes. A time that is too long without any scaling fails, whatever the sizes; otherwise sizes that are not known make it `unknown`.',
  ],
  rationale:
    'A recovery time objective that was never measured is a wish. Sizes grow, links do not, and archive tiers take hours before the first byte.',
  category: 'restore',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({
    partial: 'CP-10(4); A1.3',
    supporting: 'CP-6(2); CP-2; A.5.30; A1.2; 308(a)(7)(ii)(B); GDPR 32(1)(c); DORA 12(6); NIS2 4.2.2(a)',
  }),
  remediation: {
    action: 'Make restores faster (a warmer tier, more streams, shorter chains), or agree on another objective',
    steps: ['Find where the time goes: thaw, transfer, replay, checks', 'Change that, and restore again'],
    effort: 'large',
  },
  messages: {
    met: {
      status: 'pass',
      text: 'the newest restore test, {drill} of {started}, took {minutes} min; {limit} min are allowed',
    },
    'met-scaled': {
      status: 'pass',
      text: 'the newest restore test, {drill} of {started}, took {measured} min for a sample, so {minutes} min for the whole; {limit} min are allowed',
    },
    exceeded: {
      status: 'fail',
      text: 'the newest restore test, {drill} of {started}, took {minutes} min; {limit} min are allowed',
    },
    'exceeded-scaled': {
      status: 'fail',
      text: 'the newest restore test, {drill} of {started}, took {measured} min for a sample, so {minutes} min for the whole; {limit} min are allowed',
    },
    'not-measured': {
      status: 'unknown',
      text: 'nobody can say how long the newest restore test, {drill} of {started}, took; {limit} min are allowed',
    },
    'size-unknown': {
      status: 'unknown',
      text: 'the newest restore test, {drill} of {started}, took {measured} min; nobody can say for how much of the whole; {limit} min are allowed',
    },
    ...measuredMessages,
  },
  options: {
    maxMinutes: numberOption({
      default: undefined,
      otherwise: '`rto` of the asset in the policy; else 720',
      min: 1,
      unit: 'minutes',
      stricter: 'lower',
      source: 'AWS Backup Audit Manager: its sample has 720',
      description: 'Longest time that a restore may take, end to end.',
    }),
  },
  needs: { asset: assetPolicy },
  folds: (fold) => ({ tests: fold(drills, newestDrills) }),
  evaluate: ({ facts, folds: { tests }, options }) => {
    const drill = measurable(tests.value)
    const { ahead } = tests.value
    if ('message' in drill) return ahead === undefined ? drill : aheadVerdict(ahead)
    const limit =
      options.maxMinutes === undefined ? (factValue(facts.asset)?.rto ?? minutes(720)) : minutes(options.maxMinutes)
    const time = measure(drill)
    const said = { ...drillData(drill), limit: inMinutes(limit) }
    if (time === undefined)
      return ahead === undefined
        ? { message: 'not-measured', data: said, evidence: [drillEvidence(drill)] }
        : aheadVerdict(ahead)

    const { spent, thaw, scale } = time
    const whole = scale === undefined ? spent : Math.round((spent - thaw) * scale + thaw)
    const scaled = scale !== undefined && scale > 1
    const verdict = {
      data: { ...said, measured: inMinutes(spent), minutes: inMinutes(whole) },
      evidence: [
        drillEvidence(drill, {
          endToEndMs: spent,
          thawMs: drill.thawMs ?? null,
          bytesRestored: drill.bytesRestored ?? null,
          bytesTotal: drill.bytesTotal ?? null,
          scaledMs: whole,
        }),
      ],
      ...(scaled && { sampled: { taken: drill.bytesRestored ?? 0, of: drill.bytesTotal ?? 0 } }),
    }
    if (whole > limit) return { message: scaled ? 'exceeded-scaled' : 'exceeded', ...verdict }
    if (ahead !== undefined) return aheadVerdict(ahead)
    if (scale === undefined) return { message: 'size-unknown', ...verdict }
    return { message: scaled ? 'met-scaled' : 'met', ...verdict }
  },
})

/** Milliseconds, and how many times larger the whole is than what was restored, at least 1; `undefined` where nobody can say. */
const measure = (
  drill: Drill,
): { readonly spent: number; readonly thaw: number; readonly scale: number | undefined } | undefined => {
  const { started, ended, endToEndMs, thawMs, bytesRestored, bytesTotal } = drill
  const spent = endToEndMs ?? (ended === null || ended === undefined ? undefined : ended - started)
  const thaw = thawMs ?? 0
  // What took no time at all was not measured.
  if (spent === undefined || spent <= 0 || thaw < 0 || thaw > spent) return undefined
  const known = (bytesRestored ?? 0) > 0 && (bytesTotal ?? 0) > 0
  return { spent, thaw, scale: known ? Math.max(1, (bytesTotal ?? 0) / (bytesRestored ?? 1)) : undefined }
}
