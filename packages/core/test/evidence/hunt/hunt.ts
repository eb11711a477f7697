import type * as Comparing from '../../../src/compare/compare.js'
import type { Digest } from '../../../src/digest/digest.js'
import type { ObjectFinding } from '../../../src/report/finding.js'
import type { ObjectEntry, OfferedDigest } from '../../../src/source/entry.js'
import type { ReadCost, SourceTraits } from '../../../src/source/traits.js'
import type * as Verifying from '../../../src/verify/verify.js'
import { type Contents, createContents, type Means, type Truth } from './contents.js'
import type { Oracle } from './digests.js'
import { createDigests } from './facts.js'
import { createRandom, type Random } from './random.js'
import { type HuntObject, huntSource } from './sources.js'
import { type Asked, faultOf } from './verdict.js'

/** The engine that is hunted: of the sources, or of sources with a fault. */
export type Hunted = Pick<typeof Comparing, 'compare'> & Pick<typeof Verifying, 'verify'>

/** A finding that says more than is true. */
export interface Fault {
  /** Of its run: a hunt with this seed, of as many cases as a run has, finds it again. */
  readonly seed: number
  readonly what: string
  readonly asked: Asked
  readonly contents: Contents
  readonly listed: readonly ObjectEntry[]
  readonly told: readonly (readonly Digest[] | undefined)[]
  readonly finding: ObjectFinding
}

export interface Hunt {
  /** Pairs that differ. Equal ones come on top. */
  readonly cases: number
  readonly faults: readonly Fault[]
  /** Findings by outcome and grade, contents by how they differ, digests by how they were made. */
  readonly outcomes: ReadonlyMap<string, number>
  readonly contents: ReadonlyMap<string, number>
  readonly digests: ReadonlyMap<string, number>
}

/** Objects of one run. */
export const RUN_SIZE = 500

export interface HuntOptions {
  readonly cases: number
  readonly seed: number
  /** Default {@link RUN_SIZE}. With few, a fault is found sooner. */
  readonly runSize?: number | undefined
}

/**
 * Runs the engine over generated places whose objects differ and of which anybody but a service may lie, until there were so many
 * cases, or a fault was found. The same seed gives the same hunt.
 */
export const hunt = async (engine: Hunted, oracle: Oracle, options: HuntOptions): Promise<Hunt> => {
  const { cases, seed, runSize = RUN_SIZE } = options
  const state = { outcomes: new Map(), contents: new Map(), digests: new Map() }
  const faults: Fault[] = []
  let done = 0
  for (let run = 0; done < cases && faults.length === 0; run++) {
    const size = Math.min(runSize, cases - done)
    faults.push(...(await huntRun(engine, { seed: seed + run, size, oracle, ...state })))
    done = differing(state.contents)
  }
  return { cases: done, faults, ...state }
}

const differing = (contents: ReadonlyMap<string, number>): number =>
  [...contents].reduce((sum, [kind, number]) => (kind === 'equal' ? sum : sum + number), 0)

interface RunOf {
  readonly seed: number
  readonly size: number
  readonly oracle: Oracle
  readonly outcomes: Map<string, number>
  readonly contents: Map<string, number>
  readonly digests: Map<string, number>
}

const huntRun = async (engine: Hunted, run: RunOf): Promise<readonly Fault[]> => {
  const random = createRandom(run.seed)
  const means: Means = { random, oracle: run.oracle }
  const asked: Asked = {
    kind: random.pick(['compare', 'compare', 'compare', 'compare', 'compare', 'compare', 'verify', 'own']),
    require: random.pick(['stored', 'stored', 'stored', 'read', 'read', 'claimed', 'size']),
    strength: random.pick(['error-detecting', 'error-detecting', 'error-detecting', 'legacy', 'cryptographic']),
  }
  const traits = [anyTraits(random), anyTraits(random)] as const
  const all = Array.from({ length: run.size }, (): Contents => {
    const contents = createContents(means, asked.kind === 'own')
    // A verification takes a claim that differs for a finding, and says so.
    return contents.kind === 'equal' && asked.kind !== 'compare' ? createContents(means, true) : contents
  })
  const objects = [0, 1].map((side) =>
    all.map((contents, i) => {
      const [mine, other] = [contents.sides[side]!, contents.sides[1 - side]!]
      const maker = { ...means, other, honest: contents.kind === 'equal' }
      return anyObject(keyOf(i), mine, (of) => createDigests({ ...maker, mine: of }, run.digests), means)
    }),
  )
  for (const { kind } of all) count(run.contents, kind)
  const [a, b] = traits.map((one, side) => huntSource(`hunt://${side}`, one, objects[side]!))
  const { require, strength, kind } = asked
  const options = { require, strength, retry: { attempts: 1 }, workers: 0, findingsLimit: 0 }
  const engineRun =
    kind === 'compare'
      ? engine.compare({ source: a!, replicas: [b!], ...options })
      : engine.verify(kind === 'own' ? { source: a!, ...options } : { source: b!, against: a!, ...options })
  const faults: Fault[] = []
  let findings = 0
  for await (const page of engineRun) {
    for (const finding of page) {
      findings += 1
      count(run.outcomes, `${finding.outcome}${finding.grade === undefined ? '' : `, ${finding.grade}`}`)
      const i = Number(finding.key.slice(1))
      const pair = objects.map((side) => side[i]!)
      const digests = pair.map((object) => [...(object.listed.digests ?? []), ...(object.told ?? [])])
      const what = faultOf(finding, all[i]!, asked, digests, run.oracle)
      if (what === undefined) continue
      const told = pair.map((object) => object.told)
      const listed = pair.map((object) => object.listed)
      faults.push({ seed: run.seed, what, asked, contents: all[i]!, listed, told, finding })
    }
  }
  if (findings !== run.size) throw new Error(`Run ${run.seed} has ${findings} findings for ${run.size} cases.`)
  return faults
}

const count = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

const keyOf = (i: number): string => `k${String(i).padStart(6, '0')}`

const ANY_NATIVE = ['md5', 'crc32c', 'crc64nvme', 'sha256'] as const

const anyTraits = (random: Random): SourceTraits => {
  const native = (): SourceTraits['statDigests'] =>
    ANY_NATIVE.filter(() => random.chance(0.4)).map((algorithm) => ({
      algorithm,
      provenance: random.chance(0.7) ? 'service' : 'claimed',
    }))
  const sequential = random.chance(0.12)
  const readCost: ReadCost = random.pick(['free', 'paid', 'paid', 'paid', 'impossible'])
  return {
    keyOrder: 'utf8',
    access: sequential ? 'sequential' : 'random',
    pinning: 'etag',
    listingDigests: native(),
    statDigests: native(),
    rangeReads: random.chance(0.5),
    versions: false,
    readCost: sequential ? 'free' : readCost,
  }
}

const anyObject = (
  key: string,
  truth: Truth,
  digestsOf: (truth: Truth) => readonly Digest[],
  { random }: Means,
): HuntObject => {
  const listed = digestsOf(truth)
  const replaced = truth.replaced === true
  const offer = (): OfferedDigest => ({
    algorithm: random.pick(ANY_NATIVE),
    coverage: random.pick(['full', 'parts']),
    provenance: random.chance(0.7) ? 'service' : 'claimed',
  })
  // What asking tells is true of what is there now; a place may take back what it listed.
  const now = digestsOf(replaced ? { ...truth, stored: truth.now, parts: [truth.now.length] } : truth)
  const told = !replaced && random.chance(0.3) ? [...listed, ...now] : now
  return {
    listed: {
      key,
      ref: key,
      kind: 'object',
      ...(!random.chance(0.1) && { size: (replaced ? truth.stored : truth.now).length }),
      ...(replaced && { etag: 'first' }),
      ...(listed.length > 0 && { digests: listed }),
      ...(random.chance(0.05) && { archived: true }),
      ...(random.chance(0.3) && { offers: Array.from({ length: random.below(3) }, offer) }),
    },
    told: random.chance(0.05) ? undefined : told,
    bytes: truth.now,
    replaced,
  }
}
