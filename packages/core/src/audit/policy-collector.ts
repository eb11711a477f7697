import { type CollectedFact, collected, type FactCollector } from './collector.js'
import type { Fact, FactToken } from './fact.js'
import {
  type Asset,
  assetPolicy,
  assetTimetable,
  type Policy,
  policyFact,
  storePolicy,
  type Timetable,
} from './policy.js'
import { rememberedStarts } from './remembered-starts.js'

/** Gives what the policy says: absent where it says nothing, or there is none. */
export const policyCollector = (policy: Policy | undefined): FactCollector => {
  const assets = new Map(policy?.assets.map((asset) => [asset.id, asset]))
  const stores = new Map(policy?.stores.map((store) => [store.id, store]))
  const timetableOf = timetables()
  const source = policy === undefined ? 'no policy was given' : `policy ${policy.name ?? ''}`.trimEnd()
  return {
    specVersion: 'v1',
    id: 'policy',
    provides: [assetPolicy, assetTimetable, storePolicy, policyFact],
    kinds: ['asset', 'store', 'estate'],
    collect: async ({ target, tokens, now }) => {
      const fact = <T>(value: T | undefined): Fact<T> =>
        value === undefined
          ? { state: 'absent', source, observedAt: now }
          : { state: 'known', value, source, observedAt: now }
      const asset = target.kind === 'asset' ? assets.get(target.id) : undefined
      const wanted = (token: FactToken<unknown>): boolean => tokens.some(({ name }) => name === token.name)
      const answers: readonly CollectedFact[] = [
        collected(assetPolicy, fact(asset)),
        ...(wanted(assetTimetable) ? [collected(assetTimetable, fact(asset && (await timetableOf(asset))))] : []),
        collected(storePolicy, fact(target.kind === 'store' ? stores.get(target.id) : undefined)),
        collected(policyFact, fact(policy)),
      ]
      return answers.filter(({ token }) => wanted(token))
    },
  }
}

/** Calendars and time zones are much code: it is loaded where a rule asks. */
const timetables = (): ((asset: Asset) => Promise<Timetable>) => {
  let loaded: Promise<ReturnType<typeof rememberedStarts>> | undefined
  return async ({ plans }) => {
    loaded ??= import('../schedule/starts.js').then(({ mergedStarts }) => rememberedStarts(mergedStarts))
    const starts = await loaded
    return { starts: (id, range) => starts(plans.find((plan) => plan.id === id)?.schedules ?? [], range) }
  }
}
