import fc from 'fast-check'
import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { parsePolicy } from '../../src/policy/index.js'
import { manifestOf, policies } from './policies.js'

it('a policy that is written as JSON or YAML and read again is the same', () => {
  fc.assert(
    fc.property(policies, (policy) => {
      const manifest = manifestOf(policy)
      for (const text of [JSON.stringify(manifest), JSON.stringify(manifest, null, 2), stringify(manifest)]) {
        const { declared, ...read } = parsePolicy(text).policy
        expect(read).toEqual(policy)
        expect(Object.keys(declared!)).toHaveLength(policy.assets.length + policy.plans.length + policy.stores.length)
      }
    }),
    { numRuns: 30 },
  )
})

it('what is wrong in one place is told there, whatever stands around it', () => {
  fc.assert(
    fc.property(policies, fc.constantFrom('rpo', 'plans', 'criticality', 'since', 'copies'), (policy, member) => {
      const manifest = manifestOf(policy) as { readonly assets: readonly object[] }
      const assets = [...manifest.assets, { id: 'the one that is wrong', [member]: 'nothing that it could be' }]
      const text = JSON.stringify({ ...manifest, assets }, null, 1)
      const line = text.slice(0, text.indexOf('nothing that it could be')).split('\n').length
      expect(() => parsePolicy(text, { file: 'p.json' })).toThrow(
        new RegExp(
          `^The policy has a problem.\\np.json:${line}:\\d+: ${member} is "nothing that it could be"; expected [^\\n]+$`,
        ),
      )
    }),
    { numRuns: 20 },
  )
})

it("anchors, merge keys and names of anybody's own are taken", () => {
  const { policy } = parsePolicy(`
schema: backproof.policy/v1
x-defaults:
  shop: &shop { criticality: high, owner: ann, rpo: 1d, tags: { team: shop } }
  slow: &slow { rpo: 7d, rto: 2d }
assets:
  - { <<: *shop, id: db }
  - <<: [*slow, *shop]
    id: files
    owner: bob
  - id: "<<"
`)
  const day = 86_400_000
  expect(policy.assets).toEqual([
    { id: 'db', criticality: 'high', owner: 'ann', rpo: day, tags: { team: 'shop' }, plans: [], copies: [] },
    {
      id: 'files',
      criticality: 'high',
      owner: 'bob',
      rpo: 7 * day,
      rto: 2 * day,
      tags: { team: 'shop' },
      plans: [],
      copies: [],
    },
    { id: '<<', plans: [], copies: [] },
  ])
})

it('dates are days in UTC: what begins begins with it, what ends ends with it', () => {
  const { policy } = parsePolicy(`
schema: backproof.policy/v1
reviewed: 2026-01-31
assets: [{ id: a, since: 2026-01-31T12:00+01:00 }]
attestations: [{ id: a, subject: s, statement: s, by: b, at: 2026-01-31, expires: 2026-12-31 }]
correctiveActions: [{ id: c, severity: low, owner: o, opened: 2026-01-31, due: 2026-02-28 }]
reviews: [{ kind: access, at: 2026-01-31, by: b, from: 2026-01-01, to: 2026-01-31 }]
`)
  const at = Date.parse
  expect(policy.reviewed).toBe(at('2026-01-31T00:00:00Z'))
  expect(policy.assets[0]!.since).toBe(at('2026-01-31T11:00:00Z'))
  expect(policy.attestations[0]).toMatchObject({ at: at('2026-01-31'), expires: at('2026-12-31T23:59:59.999Z') })
  expect(policy.correctiveActions[0]!.due).toBe(at('2026-02-28T23:59:59.999Z'))
  expect(policy.reviews[0]).toMatchObject({ from: at('2026-01-01'), to: at('2026-01-31T23:59:59.999Z') })
})
