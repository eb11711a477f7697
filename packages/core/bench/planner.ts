/**
 * What deciding costs, beside what it decides about: planning a pair against hashing a small object by MD5, and putting the CRCs of
 * 10,000 parts together against hashing 1 MiB by CRC32C. Run it with `npx tsx packages/core/bench/planner.ts`. Figures are medians of
 * five rounds.
 */
import { combineCrcs, createHasher, type Digest } from '../src/digest/index.js'
import { type AskableFacts, choose, NOMINAL_RATES } from '../src/evidence/index.js'

const POLICY = { require: 'stored', strength: 'error-detecting' } as const
const md5: Digest = { algorithm: 'md5', value: 'ab'.repeat(16), provenance: 'service' }
const crc32c: Digest = { algorithm: 'crc32c', value: '01234567', provenance: 'service' }

const disk: AskableFacts = { size: 4_096, digests: [], readCost: 'free', local: true }
const cloud = (digests: readonly Digest[], more: Partial<AskableFacts> = {}): AskableFacts => ({
  size: 4_096,
  digests,
  readCost: 'paid',
  local: false,
  rates: NOMINAL_RATES,
  ...more,
})
const kms = cloud([{ ...md5, value: 'cd'.repeat(16), equalityOnly: true }], {
  offers: [{ algorithm: 'crc64nvme', provenance: 'service' }],
  offersAreOwn: true,
})

/** Microseconds for one call, the median of five rounds. */
const timeOf = (call: () => unknown, rounds: number): number => {
  for (let i = 0; i < rounds / 10; i++) call()
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now()
    for (let i = 0; i < rounds; i++) call()
    return ((performance.now() - started) * 1_000) / rounds
  })
  return times.sort((a, b) => a - b)[2]!
}

const hasher = await createHasher(['md5'])
const small = Buffer.alloc(4_096, 7)
const hashing = timeOf(() => {
  hasher.reset()
  hasher.update(small)
  return hasher.digest()
}, 20_000)

const cases: Readonly<Record<string, () => unknown>> = {
  'a common digest': () => choose(cloud([md5, crc32c]), cloud([md5]), POLICY),
  'a disk against an ETag': () => choose(disk, cloud([{ ...md5, equalityOnly: true }]), POLICY),
  'to ask or to read (KMS)': () => choose(kms, cloud([md5, crc32c]), POLICY),
}
for (const [name, call] of Object.entries(cases)) {
  const time = timeOf(call, 50_000)
  console.log(
    `${name}: ${time.toFixed(2)} µs, ${(time / hashing).toFixed(2)} of hashing 4 KiB by MD5 (${hashing.toFixed(1)} µs)`,
  )
}

const crc = await createHasher(['crc32c'])
const block = Buffer.alloc(1024 * 1024, 7)
const hashingBlock = timeOf(() => {
  crc.reset()
  crc.update(block)
  return crc.digest()
}, 200)
const parts = Array.from({ length: 10_000 }, (_, i) => ({
  value: i.toString(16).padStart(8, '0'),
  size: 8 * 1024 * 1024,
}))
const combining = timeOf(() => combineCrcs('crc32c', parts), 20)
console.log(
  `10,000 parts put together (78 GiB): ${(combining / 1_000).toFixed(1)} ms, ${(combining / hashingBlock).toFixed(0)} times hashing 1 MiB (${hashingBlock.toFixed(0)} µs)`,
)
