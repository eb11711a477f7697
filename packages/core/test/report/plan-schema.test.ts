import { describe, expect, it } from 'vitest'
import { type CompareOptions, compare } from '../../src/compare/index.js'
import type { Plan } from '../../src/report/index.js'
import type { BackupSource, PlacePrices, SourceTraits } from '../../src/source/index.js'
import { memorySource } from '../../src/testing/index.js'
import { verify } from '../../src/verify/index.js'
import { closed, compiled, fromRoot, type Json, problems } from './schema-check.js'

const text = fromRoot('docs/schema/plan-v1.schema.json')
const page = fromRoot('docs/plan-format.md')

const schema = JSON.parse(text) as Json & { properties: Json; $defs: Record<string, Json> }

const strict = compiled(closed(schema))
const open = compiled(schema)

const PRICES: PlacePrices = {
  currency: 'USD',
  asOf: '2026-11',
  source: 'made up for a test',
  list: 5e-6,
  pageSize: 1_000,
  stat: 4e-7,
  read: 4e-7,
  egressByte: 9e-11,
  classes: { COLD: { retrievalByte: 1e-11 } },
}
const objects = { a: 'x', b: 'yy', gone: 'z', link: { kind: 'symlink', linkTarget: 'a' }, other: '1' } as const

const cloud = (name: string, traits: Partial<SourceTraits>): BackupSource => {
  const { gone: _, ...others } = objects
  const memory = memorySource({ ...others, new: '1', other: '22' }, { uri: `memory://${name}`, traits })
  return {
    ...memory,
    list: async function* (options) {
      for await (const entries of memory.list(options)) {
        yield entries.map((entry) => ({ ...entry, ...(entry.key === 'b' && { storageClass: 'COLD' }) }))
      }
    },
  }
}
const disk = (): BackupSource => memorySource(objects, { uri: 'memory://disk' })
const options = (more: Partial<CompareOptions> = {}): CompareOptions => ({
  source: disk(),
  replicas: [cloud('a', { readCost: 'paid', prices: PRICES }), cloud('b', { readCost: 'paid' })],
  ...more,
})

const plans = async (): Promise<readonly Plan[]> => [
  await compare(options({ readCeiling: 1 })).plan(),
  await compare(options({ sample: { count: 1 } })).plan(),
  await compare(options({ replicas: [cloud('c', { readCost: 'archived' })] })).plan(),
  await compare({ source: memorySource(), replicas: [cloud('d', {})] }).plan(),
  await verify({ source: disk() }).plan(),
  await verify({ source: disk(), against: cloud('list', { readCost: 'impossible', asOf: 0 }), maxAge: 1 }).plan(),
]

/** Paths of all members, `side.uri`, as the schema describes them and as plans have them. */
const described = (): readonly string[] =>
  Object.entries({ plan: schema, ...schema.$defs }).flatMap(([name, def]) =>
    Object.keys((def['properties'] as Json | undefined) ?? {}).map((member) => `${name}.${member}`),
  )

const shown = (plan: Plan): readonly string[] => {
  const sides = [plan.source, ...plan.replicas, ...(plan.expected === undefined ? [] : [plan.expected])]
  const members = (name: string, value: object): string[] => Object.keys(value).map((member) => `${name}.${member}`)
  return [
    ...members('plan', plan),
    ...sides.flatMap((side) => [...members('side', side), ...members('prices', side.prices ?? {})]),
    ...members('requests', plan.requests),
    ...members('readInstead', plan.readInstead),
    ...members('atMost', plan.atMost),
  ]
}

describe('the published schema of plans', () => {
  it('describes every plan, and nothing that no plan has', async () => {
    const made = await plans()
    for (const plan of made) expect(problems(strict, plan)).toEqual([])
    expect([...new Set(made.flatMap(shown))].sort()).toEqual([...described()].sort())
  })

  it('describes counts that add up', async () => {
    for (const plan of await plans()) {
      const sum = (counts: object): number => Object.values(counts).reduce((a: number, b: number) => a + b, 0)
      const { decided, proofs, unprovable, unsampled = 0, grades } = plan
      expect(sum(decided) + sum(proofs) + sum(unprovable) + unsampled).toBe(plan.pairs)
      expect(sum(grades)).toBe(sum(proofs))
      const sides = [plan.source, ...plan.replicas, ...(plan.expected === undefined ? [] : [plan.expected])]
      for (const kind of ['list', 'stat', 'read'] as const) {
        expect(sides.reduce((total, { requests }) => total + requests[kind], 0)).toBe(plan.requests[kind])
      }
      expect(sides.reduce((total, { bytesToRead }) => total + bytesToRead, 0)).toBe(plan.bytesToRead)
      expect(plan.atMost.requests).toBeGreaterThanOrEqual(sum(plan.requests))
      expect(plan.atMost.bytesToRead).toBeGreaterThanOrEqual(plan.bytesToRead)
    }
  })

  it('names the members that the types have', () => {
    const source = fromRoot('packages/core/src/report/plan.ts')
    const typed = ['PlannedRequests', 'PlannedSide', 'PlanCeiling', 'Plan'].flatMap((name) => {
      const body = new RegExp(`export interface ${name} \\{\\n([\\s\\S]*?)\\n\\}`).exec(source)?.[1] ?? ''
      return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map((match) => match[1]!)
    })
    const members = new Set(described().map((path) => path.split('.')[1]!))
    const nested = ['asOf', 'source', 'objects', 'bytes']
    expect([...new Set([...typed, ...nested])].sort()).toEqual([...members].sort())
  })

  it('refuses what is no plan, and lets readers meet members of a later version', async () => {
    const plan = await compare(options()).plan()
    expect(problems(open, { ...plan, schema: 'backproof.plan/v2' })).not.toEqual([])
    expect(problems(open, { ...plan, bytesToRead: -1 })).not.toEqual([])
    expect(problems(open, { ...plan, atMost: {} })).not.toEqual([])
    expect(problems(open, { ...plan, tomorrow: 1 })).toEqual([])
    expect(problems(strict, { ...plan, tomorrow: 1 })).not.toEqual([])
  })
})

describe('docs/plan-format.md', () => {
  it('names every member and every fixed value of the schema', () => {
    const values = [...text.matchAll(/"enum": (\[[^\]]*\])/g)].flatMap((match) => JSON.parse(match[1]!) as string[])
    const counted = ['decided', 'proofs', 'grades'].flatMap((name) =>
      Object.keys((schema.properties[name] as { properties: Json }).properties),
    )
    const names = [...described().map((path) => path.split('.')[1]!), ...values, ...counted]
    expect(names.length).toBeGreaterThan(50)
    expect([...new Set(names)].filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})
