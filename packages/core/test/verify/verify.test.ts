import { describe, expect, it } from 'vitest'
import type { Digest, KnownAlgorithm, Provenance } from '../../src/digest/digest.js'
import { createHasher } from '../../src/digest/hasher.js'
import { BackupError } from '../../src/errors.js'
import type { ObjectFinding } from '../../src/report/finding.js'
import type { BackupSource } from '../../src/source/backup-source.js'
import type { ObjectEntry } from '../../src/source/entry.js'
import { faultySource, type MemoryContent, type MemorySourceOptions, memorySource } from '../../src/testing/index.js'
import type { VerifyOptions } from '../../src/verify/options.js'
import { verify } from '../../src/verify/verify.js'

const memory = (name: string, objects: Record<string, MemoryContent>, options: MemorySourceOptions = {}) =>
  memorySource(objects, { uri: `memory://${name}`, ...options })
const run = async (options: VerifyOptions) => {
  const found: ObjectFinding[] = []
  const verification = verify({ retry: { attempts: 2, baseDelayMs: 1 }, ...options })
  for await (const page of verification) found.push(...page)
  const brief = found.map((f) => `${f.key} ${f.outcome} ${f.reason}${f.grade ? ` ${f.grade}` : ''}`)
  return { found, brief, report: await verification.report() }
}
const digestOf = async (text: string, algorithm: KnownAlgorithm, provenance: Provenance): Promise<Digest> => {
  const hasher = await createHasher([algorithm])
  hasher.update(Buffer.from(text))
  return { algorithm, value: hasher.digest()[algorithm]!, provenance }
}
/** A list of digests without bytes, as a manifest is. */
const baseline = async (objects: Record<string, string>, algorithm: KnownAlgorithm = 'sha256') => {
  const entries = await Promise.all(
    Object.entries(objects).map(
      async ([key, text]) => [key, { bytes: text, digests: [await digestOf(text, algorithm, 'recorded')] }] as const,
    ),
  )
  return memory('baseline', Object.fromEntries(entries), { traits: { readCost: 'impossible' }, order: 'none' })
}

describe('verify against its own stored digests', () => {
  it('reads every byte and finds what rotted under an unchanged digest', async () => {
    const source = memory(
      'a',
      { good: 'abc', bad: 'abc', short: 'abc' },
      { digests: [{ algorithm: 'sha256', provenance: 'service' }] },
    )
    source.rot('bad', 'abd')
    source.rot('short', 'ab')
    const { brief, found, report } = await run({ source })
    expect(brief[0]).toBe('bad mismatch digest')
    expect(brief[1]).toBe('good match digest read')
    expect(brief[2]).toMatch(/^short (mismatch|unreadable) /)
    expect(found[0]).toMatchObject({
      rotten: 'source',
      sides: {
        source: { bytesRead: 3, digest: { provenance: 'computed' } },
        expected: { digest: { provenance: 'service' } },
      },
    })
    expect(report.result).toMatchObject({ kind: 'verify', replicas: [] })
    expect(report.result.source.bytesRead).toBeGreaterThanOrEqual(8)
  })

  it('asks for digests that only stat has', async () => {
    const source = memory('a', { k: 'abc' }, { digests: [{ algorithm: 'md5', provenance: 'service', in: 'stat' }] })
    const { brief, report } = await run({ source })
    expect(brief).toEqual(['k match digest read'])
    expect(report.telemetry.requests['stat']).toBe(1)
  })

  it('never proves what has no digest, a link, or a special file', async () => {
    const source = memory('a', { k: 'abc', l: { kind: 'symlink', linkTarget: 'k' }, p: { kind: 'special' } })
    const { brief, report } = await run({ source })
    expect(brief).toEqual(['k unverifiable no-digest', 'l unverifiable no-digest', 'p unverifiable special'])
    expect(report.result.totals.outcomes.match).toBe(0)
  })

  it('reads also what has no digest: damage shows, and digests are recorded', async () => {
    const source = faultySource(memory('a', { bad: 'abc', k: 'abc' }), [
      { kind: 'error', at: 'read', key: 'bad', error: new BackupError({ code: 'corrupt', message: 'EIO' }) },
    ])
    const { brief, found } = await run({ source, record: ['sha256'] })
    expect(brief).toEqual(['bad unreadable read-failed', 'k unverifiable no-digest'])
    expect(found[1]!.sides?.source).toMatchObject({
      bytesRead: 3,
      recorded: [await digestOf('abc', 'sha256', 'computed')],
    })
  })

  it('gives a CRC `stored` at most, and a claim `claimed`', async () => {
    const crc = memory('a', { k: 'abc' }, { digests: [{ algorithm: 'crc32c', provenance: 'service' }] })
    expect((await run({ source: crc })).brief).toEqual(['k match digest stored'])
    expect((await run({ source: crc, require: 'read' })).brief).toEqual(['k unverifiable below-required-grade'])
    const claim = memory('a', { k: 'abc' }, { digests: [{ algorithm: 'sha256', provenance: 'claimed' }] })
    expect((await run({ source: claim })).brief).toEqual(['k unverifiable below-required-grade'])
    expect((await run({ source: claim, require: 'claimed' })).brief).toEqual(['k match digest claimed'])
  })

  it('tells a wrong claim as a mismatch that names the claim, whatever policy accepts', async () => {
    const wrong = { algorithm: 'md5', value: '0'.repeat(32), provenance: 'claimed' } as const
    const right = await digestOf('abc', 'crc32c', 'service')
    const source = memory('a', { k: { bytes: 'abc', digests: [wrong, right] } })
    const { brief, found } = await run({ source })
    expect(brief).toEqual(['k mismatch digest'])
    expect(found[0]!.sides?.expected?.digest).toMatchObject({ provenance: 'claimed', algorithm: 'md5' })
    expect(found[0]!.rotten).toBeUndefined()
  })

  it('reports an algorithm it does not know, and does not crash', async () => {
    const unknown = { algorithm: 'xxhash-2029', value: 'aa', provenance: 'service' } as const
    const { brief } = await run({ source: memory('a', { k: { bytes: 'abc', digests: [unknown] } }) })
    expect(brief).toEqual(['k unverifiable no-common-digest'])
  })
})

describe('verify against a baseline', () => {
  it('tells changed, missing and new objects, and proves the rest at `read`', async () => {
    const against = await baseline({ bad: 'abc', gone: 'x', same: 'y', size: 'abc' })
    const source = memory('a', { bad: 'abd', more: 'z', same: 'y', size: 'abcd' })
    const { brief, found, report } = await run({ source, against, require: 'read' })
    expect(brief).toEqual([
      'bad mismatch digest',
      'gone missing absent',
      'more extra absent',
      'same match digest read',
      'size mismatch size',
    ])
    expect(found[0]!.rotten).toBe('source')
    expect(report.result.expected).toMatchObject({ uri: 'memory://baseline', objects: 4 })
  })

  it('does not prove by a digest that is not there or not strong enough', async () => {
    const source = memory('a', { k: 'abc' })
    const md5 = await baseline({ k: 'abc' }, 'md5')
    expect((await run({ source, against: md5, strength: 'cryptographic' })).brief).toEqual([
      'k unverifiable below-required-strength',
    ])
    const empty = memory('baseline', { k: 'abc' }, { traits: { readCost: 'impossible' } })
    expect((await run({ source, against: empty })).brief).toEqual(['k unverifiable no-digest'])
  })

  it('takes several digests of one name from a list, and nothing from lines that contradict each other', async () => {
    const lines = async (second: Digest) => {
      const list = memory('list', { k: { digests: [await digestOf('abc', 'sha256', 'recorded')] } })
      const page = async (extra: Digest) => {
        const [entry] = (await list.list()[Symbol.asyncIterator]().next()).value as ObjectEntry[]
        const { size: _, ...nameless } = entry!
        return [nameless, { ...nameless, digests: [extra] }]
      }
      const traits = { ...(await list.describe()), keyOrder: 'none', readCost: 'impossible' } as const
      return {
        ...list,
        describe: async () => traits,
        async *list() {
          yield await page(second)
        },
      } satisfies BackupSource
    }
    const source = memory('a', { k: 'abc' })
    const check = async (second: Digest) => (await run({ source, against: await lines(second) })).brief
    expect(await check(await digestOf('abc', 'md5', 'recorded'))).toEqual(['k match digest read'])
    expect(await check(await digestOf('abc', 'sha256', 'recorded'))).toEqual(['k match digest read'])
    expect(await check(await digestOf('abd', 'md5', 'recorded'))).toEqual(['k mismatch digest'])
    expect(await check(await digestOf('abd', 'sha256', 'recorded'))).toEqual(['k unverifiable key-collision'])
  })

  it('refuses to verify a place against itself, and unknown options', () => {
    const source = memory('a', { k: 'abc' })
    expect(() => verify({ source, against: memory('a', {}) })).toThrow('same place')
    expect(() => verify({ source, replicas: [] } as never)).toThrow('no option `replicas`')
  })
})
