import type { Digest } from '../../../src/digest/digest.js'
import type { SideFacts } from '../../../src/evidence/planner.js'
import type { BackupSource } from '../../../src/source/backup-source.js'
import { memorySource } from '../../../src/testing/memory-source.js'
import type { Oracle } from '../hunt/digests.js'
import type { SubjectModule } from './bundle.js'

/** Names of the checks of single values that fail. */
export const failingValues = async (subject: SubjectModule, oracle: Oracle): Promise<readonly string[]> => {
  const failing: string[] = []
  for (const [name, check] of Object.entries(CHECKS)) {
    try {
      if (!(await check(subject, oracle))) failing.push(name)
    } catch {
      // A fault that throws is found as well.
      failing.push(name)
    }
  }
  return failing
}

const bytes = Buffer.from('the quick brown fox jumps over the lazy dog')
const SIZES = [10, 20, 13]

const measured = async (
  { createHasher }: SubjectModule,
  measure: 'crc32c' | `parts:md5:${string}`,
): Promise<string> => {
  const hasher = await createHasher([measure])
  hasher.update(bytes)
  return hasher.digest()[measure]!
}

/** What a service tells of an upload in these parts, by other code than core. */
const composite = (oracle: Oracle, extra: Partial<Digest> = {}): { stored: Digest; whole: string } => {
  const { value, values } = oracle.parts('crc32c', bytes, SIZES)
  const coverage = { parts: SIZES.length, sizes: SIZES, values }
  const stored: Digest = { algorithm: 'crc32c', value, coverage, provenance: 'service', ...extra }
  return { stored, whole: oracle.full('crc32c', bytes) }
}

const derived = (subject: SubjectModule, stored: Digest, size: number = bytes.length): Digest | undefined =>
  subject.withDerived([stored], size)[1]

const isRefused = (decode: () => unknown): boolean => {
  try {
    decode()
    return false
  } catch {
    return true
  }
}

const CHECKS: Readonly<Record<string, (subject: SubjectModule, oracle: Oracle) => boolean | Promise<boolean>>> = {
  // From storage-checksums: "Hello Azure!" as Azure writes its CRC64, and the same number as S3 does.
  'the CRC64 of Azure': ({ digestFromBase64, digestToBase64 }) => {
    const value = digestFromBase64('DtjZpL9/o8c=', { algorithm: 'crc64nvme', byteOrder: 'little-endian' })
    return value === 'c7a37fbfa4d9d80e' && digestToBase64(value) === 'x6N/v6TZ2A4='
  },
  'a digest that is too short': ({ digestFromBase64 }) =>
    isRefused(() => digestFromBase64('x6N/v6TZ', { algorithm: 'crc64nvme' })),
  'the check value of CRC32C': async ({ createHasher }) => {
    const hasher = await createHasher(['crc32c'])
    hasher.update(Buffer.from('123456789'))
    return hasher.digest()['crc32c'] === 'e3069283'
  },
  'CRCs of pieces': ({ combineCrcs }, oracle) =>
    (['crc32', 'crc32c', 'crc64nvme'] as const).every((algorithm) => {
      const { values } = oracle.parts(algorithm, bytes, SIZES)
      const pieces = values.map((value, i) => ({ value, size: SIZES[i]! }))
      return combineCrcs(algorithm, pieces) === oracle.full(algorithm, bytes)
    }),
  'a derived digest': (subject, oracle) => {
    const { stored, whole } = composite(oracle)
    const digest = derived(subject, stored)
    return digest?.value === whole && digest.provenance === 'service' && digest.derived === 'parts'
  },
  'a derived claim': (subject, oracle) =>
    derived(subject, composite(oracle, { provenance: 'claimed' }).stored)?.provenance === 'claimed',
  'a derived digest with a doubt': (subject, oracle) =>
    derived(subject, composite(oracle, { equalityOnly: true }).stored)?.equalityOnly === true,
  'parts that do not add up': (subject, oracle) => derived(subject, composite(oracle).stored, 44) === undefined,
  'parts of what decompressing yields': (subject, oracle) =>
    derived(subject, composite(oracle, { representation: 'logical:gzip' }).stored) === undefined,
  'a digest over parts': async (subject, oracle) => {
    const layouts = [SIZES, [43], [20, 20, 3], [20, 23], [43, 0], [10, 20, 10]]
    const values = await Promise.all(
      layouts.map((sizes) => measured(subject, subject.partsMeasure('md5', sizes) as `parts:md5:${string}`)),
    )
    // What lies beyond a layout is one more part.
    const full = layouts.map((sizes) => (sizes.length === 3 && sizes[2] === 10 ? [...sizes, 3] : sizes))
    return full.every((sizes, i) => oracle.parts('md5', bytes, sizes).value === values[i])
  },
  'usual sizes of parts': ({ likelyPartSizes, recomputationOf }) => {
    const mib = 1024 * 1024
    const etag: Digest = { algorithm: 'md5', value: 'ab', provenance: 'service', coverage: { parts: 3 } }
    const likely = likelyPartSizes(20 * mib, 3)
    return likely[0] === 8 * mib && recomputationOf(etag, 20 * mib)?.certain === false
  },
  'digests of parts accuse over the same parts only': ({ planProofs }) => {
    const parts = (sizes?: readonly number[], inferred = false): Digest => ({
      algorithm: 'md5',
      value: 'ab',
      provenance: 'service',
      coverage: { parts: 2, ...(sizes !== undefined && { sizes }), ...(inferred && { inferred }) },
    })
    const accuses = (a: Digest, b: Digest): boolean => {
      const [proof] = planProofs(side([a], 'impossible'), side([b], 'impossible'), STORED).proofs
      return proof?.method === 'digest' && proof.trusted
    }
    return (
      accuses(parts([5, 5]), parts([5, 5])) &&
      !accuses(parts([5, 5]), parts([5, 5], true)) &&
      !accuses(parts([5, 5]), parts()) &&
      !accuses(parts(), parts())
    )
  },
  'an object against what it says of itself': ({ planProofs }) => {
    const own = side([service('md5')], 'impossible')
    return planProofs(own, own, { ...STORED, ownDigests: true }).proofs.length === 0
  },
  'a record of 64 bits is worth no read': ({ planProofs }) => {
    const record = side([{ ...service('xxh3-64'), provenance: 'recorded' }], 'impossible')
    return planProofs(record, side([], 'free'), { ...STORED, require: 'read' }).proofs.length === 0
  },
  'the cheaper side is read': ({ planProofs }) => {
    const [free, paid] = [side([service('crc32c')], 'free'), side([service('md5')], 'paid')]
    const read = (a: SideFacts, b: SideFacts): string | undefined => {
      const [proof] = planProofs(a, b, STORED).proofs
      return proof?.method === 'one-sided-read' ? proof.read : undefined
    }
    return read(free, paid) === 'reference' && read(paid, free) === 'subject'
  },
  'sizes that turn out to differ': ({ planProofs, judgeRead }) => {
    const stored = { ...service('crc32c'), value: '00000000' }
    const [proof] = planProofs(side([stored], 'impossible'), side([], 'free'), STORED).proofs
    if (proof?.method !== 'one-sided-read') return false
    const entry = { key: 'a', ref: 'a', kind: 'object' } as const
    const read = { bytesRead: 9, size: 9, digests: { crc32c: '00000000' } }
    const [reference, subject] = [
      { ...entry, size: 10, digests: [stored] },
      { ...entry, observed: read },
    ]
    const judgement = judgeRead(
      proof,
      { name: 'source', entry: reference },
      { name: 'replica', entry: subject, observed: read },
      [],
    )
    return judgement?.outcome === 'mismatch' && judgement.reason === 'size'
  },
  'bytes that are not as many as the parts': ({ planProofs, judgeRead }) => {
    const stored: Digest = { ...service('crc32c'), coverage: { parts: 2, sizes: [6, 5] } }
    const facts = { ...side([stored], 'impossible'), size: undefined }
    const [proof] = planProofs(facts, side([], 'free'), STORED).proofs
    if (proof?.method !== 'one-sided-read') return false
    const entry = { key: 'a', ref: 'a', kind: 'object' } as const
    const observed = { bytesRead: 10, size: 10, digests: { [proof.measures[0]!]: 'ab' } }
    const [source, replica] = [
      { name: 'source', entry: { ...entry, digests: [stored] } },
      { name: 'replica', entry, observed },
    ] as const
    return judgeRead(proof, source, replica, [])?.outcome === 'mismatch'
  },
  'what is too short to be a digest': async ({ compare }) => {
    const found: string[] = []
    for (const value of ['', 'ab', 'ABCDEF01', '0123456789']) {
      const digests = [{ algorithm: 'crc32', value, provenance: 'recorded' }] as const
      const [source, replica] = [listOf('a', digests), listOf('b', digests)]
      for await (const page of compare({ source, replicas: [replica] })) for (const one of page) found.push(one.outcome)
    }
    return found.length === 4 && found.every((outcome) => outcome === 'unverifiable')
  },
}

const listOf = (name: string, digests: readonly Digest[]): BackupSource =>
  memorySource({ k: { bytes: 'abc', digests } }, { uri: `memory://${name}`, traits: { readCost: 'impossible' } })

const STORED = { require: 'stored', strength: 'error-detecting' } as const

const service = (algorithm: string): Digest => ({ algorithm, value: 'ab', provenance: 'service' })

const side = (digests: readonly Digest[], readCost: string): SideFacts => ({
  size: 10,
  digests,
  readCost,
  local: false,
})
