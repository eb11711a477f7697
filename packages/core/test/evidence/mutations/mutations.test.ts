import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOracle } from '../hunt/digests.js'
import { hunt } from '../hunt/hunt.js'
import { inWords, placeNamed, REQUIRED } from '../table/cells.js'
import { createContent } from '../table/content.js'
import { EXPECTED } from '../table/expected.js'
import { createPlaces, type Place } from '../table/places.js'
import { proveCell } from '../table/prove-cell.js'
import { loadSubject, type SubjectModule, timesFound } from './bundle.js'
import { failingValues } from './check-values.js'
import { DIGEST_MUTATIONS } from './digest-mutations.js'
import { EVIDENCE_MUTATIONS } from './evidence-mutations.js'
import { JUDGING_MUTATIONS } from './judging-mutations.js'
import type { Mutation } from './mutation.js'

const MUTATIONS: readonly Mutation[] = [...EVIDENCE_MUTATIONS, ...JUDGING_MUTATIONS, ...DIGEST_MUTATIONS]

/** As many as find every mutation that is for the hunt to find. */
const HUNTED = { cases: 3_000, seed: 20_261_122, runSize: 100 }

const oracle = await createOracle()
const content = createContent()
let places: readonly Place[]
let folder: string

beforeAll(async () => {
  places = await createPlaces(content)
  folder = await mkdtemp(join(tmpdir(), 'backproof-mutations-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** What lies in such a folder is imported as it is; vitest would transform anything else once more. */
const fileOf = (name: string): string => join(folder, 'node_modules', `${name}.mjs`)

/** What a check says of a subject; nothing where it finds no fault. */
const CHECKS: Readonly<Record<Mutation['by'], (subject: SubjectModule) => Promise<readonly string[]>>> = {
  values: (subject) => failingValues(subject, oracle),
  table: async (subject) => {
    const wrong: string[] = []
    for (const require of REQUIRED) {
      for (const [source, replica, how] of EXPECTED[require]) {
        const pair = [placeNamed(places, source), placeNamed(places, replica)] as const
        const cell = inWords(await proveCell(subject, content, pair, require))
        if (cell !== how) wrong.push(`${source} against ${replica} at ${require}: ${cell}`)
      }
    }
    return wrong
  },
  hunt: async (subject) => (await hunt(subject, oracle, HUNTED)).faults.map(({ what }) => what),
}

describe('the engine as it is', () => {
  it.each(['values', 'table', 'hunt'] as const)('is right by the %s', async (by) => {
    const subject = await loadSubject(fileOf(`as-it-is-${by}`))
    expect(await CHECKS[by](subject)).toEqual([])
  })
})

describe('a planted fault is found', () => {
  it('of each kind that the list names, at one place in the sources each', async () => {
    expect(MUTATIONS.length).toBeGreaterThanOrEqual(50)
    expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length)
    for (const mutation of MUTATIONS) expect(await timesFound(mutation), mutation.name).toBe(1)
  })

  it.each(MUTATIONS.map((mutation, i) => ({ ...mutation, i })))('$name ($by)', async (mutation) => {
    const subject = await loadSubject(fileOf(`mutated-${mutation.i}`), mutation)
    expect((await CHECKS[mutation.by](subject)).length).toBeGreaterThan(0)
  })
})
