import { describe, expect, it } from 'vitest'
import { assetPolicy, assetTimetable, type Policy, policyFact, storePolicy } from '../../src/audit/index.js'
import { policyCollector } from '../../src/audit/policy-collector.js'
import { NOW } from './engine/parts.js'

const nightly = { id: 'nightly', schedules: [{ cron: '0 3 * * *', timezone: 'Europe/Berlin' }] }
const policy = {
  schema: 'backproof.policy/v1',
  name: 'shop',
  assets: [{ id: 'shop', plans: [nightly], copies: [] }],
  stores: [{ id: 'vault', quotaBytes: 5 }],
} as unknown as Policy

const asked = async (given: Policy | undefined, kind: string, id: string) => {
  const tokens = [assetPolicy, assetTimetable, storePolicy, policyFact]
  const signal = new AbortController().signal
  const facts = await policyCollector(given).collect({ target: { kind, id }, tokens, now: NOW, signal })
  return new Map(facts.map(({ token, fact }) => [token.name, fact]))
}

describe('the policy as facts', () => {
  it('is absent where there is none, or it says nothing of the target', async () => {
    for (const facts of [await asked(undefined, 'asset', 'shop'), await asked(policy, 'asset', 'other')])
      for (const name of ['policy.asset', 'policy.timetable', 'policy.store'])
        expect(facts.get(name)).toMatchObject({ state: 'absent', observedAt: NOW })
    expect((await asked(undefined, 'estate', 'estate')).get('policy')).toMatchObject({ source: 'no policy was given' })
    expect((await asked(policy, 'estate', 'estate')).get('policy')).toMatchObject({
      value: policy,
      source: 'policy shop',
    })
  })

  it('tells assets and stores apart', async () => {
    const facts = await asked(policy, 'store', 'vault')
    expect(facts.get('policy.store')).toMatchObject({ state: 'known', value: { quotaBytes: 5 } })
    expect(facts.get('policy.asset')).toMatchObject({ state: 'absent' })
  })

  it('tells when plans are expected to start, in their time zone', async () => {
    const fact = (await asked(policy, 'asset', 'shop')).get('policy.timetable')
    const timetable = (fact as { value: { starts: (plan: string, range: object) => Iterable<number> } }).value
    const range = { from: Date.UTC(2026, 9, 24), to: Date.UTC(2026, 9, 27) }
    // Clocks go back on 25 October.
    const expected = [Date.UTC(2026, 9, 24, 1), Date.UTC(2026, 9, 25, 2), Date.UTC(2026, 9, 26, 2)]
    expect([...timetable.starts('nightly', range)]).toEqual(expected)
    expect([...timetable.starts('weekly', range)]).toEqual([])
  })
})
