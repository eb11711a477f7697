import { type CollectedFact, collected, type FactCollector } from './collector.js'
import type { Fact } from './fact.js'
import { assetPolicy, type Policy, policyFact, storePolicy } from './policy.js'

/** Gives what the policy says: absent where it says nothing, or there is none. */
export const policyCollector = (policy: Policy | undefined): FactCollector => {
  const assets = new Map(policy?.assets.map((asset) => [asset.id, asset]))
  const stores = new Map(policy?.stores.map((store) => [store.id, store]))
  const source = policy === undefined ? 'no policy was given' : `policy ${policy.name ?? ''}`.trimEnd()
  return {
    specVersion: 'v1',
    id: 'policy',
    provides: [assetPolicy, storePolicy, policyFact],
    kinds: ['asset', 'store', 'estate'],
    collect: async ({ target, tokens, now }) => {
      const fact = <T>(value: T | undefined): Fact<T> =>
        value === undefined
          ? { state: 'absent', source, observedAt: now }
          : { state: 'known', value, source, observedAt: now }
      const answers: readonly CollectedFact[] = [
        collected(assetPolicy, fact(target.kind === 'asset' ? assets.get(target.id) : undefined)),
        collected(storePolicy, fact(target.kind === 'store' ? stores.get(target.id) : undefined)),
        collected(policyFact, fact(policy)),
      ]
      return answers.filter(({ token }) => tokens.some(({ name }) => name === token.name))
    },
  }
}
