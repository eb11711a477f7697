import { describe, expect, it } from 'vitest'
import { compare } from '../../src/compare/compare.js'
import type { CompareOptions } from '../../src/compare/options.js'
import { BackupError } from '../../src/errors.js'
import { exitCode } from '../../src/report/exit-code.js'
import type { ObjectFinding } from '../../src/report/finding.js'
import type { Report } from '../../src/report/report.js'
import type { Run } from '../../src/run/run.js'
import type { BackupSource, ObjectBody } from '../../src/source/backup-source.js'
import type { ObjectEntry } from '../../src/source/entry.js'
import { type MemoryContent, type MemorySourceOptions, memorySource } from '../../src/testing/index.js'
import { verify } from '../../src/verify/verify.js'

interface Member extends Partial<ObjectEntry> {
  readonly key: string
  readonly bytes?: string
  /** The body throws after its bytes. */
  readonly broken?: BackupError
}

const corrupt = new BackupError({ code: 'corrupt', message: 'the archive ends in the middle' })

/** An archive: its members in stored order, each with its body once. */
const archive = (
  members: readonly Member[],
  options: { damage?: BackupError; reads?: string[]; uri?: string } = {},
): BackupSource => {
  const infoOf = ({ bytes = '', broken: _, ...entry }: Member): ObjectEntry => ({
    ref: entry.key,
    kind: 'object',
    size: Buffer.byteLength(bytes),
    ...entry,
  })
  return {
    specVersion: 'v1',
    uri: options.uri ?? 'memory://archive.tar',
    describe: async () => ({
      keyOrder: 'none',
      access: 'sequential',
      pinning: 'etag',
      listingDigests: [],
      statDigests: [],
      rangeReads: false,
      versions: false,
      readCost: 'free',
    }),
    async *list() {
      yield members.map(infoOf)
    },
    stat: async () => Promise.reject(new BackupError({ code: 'unsupported', message: 'sequential' })),
    read: async () => Promise.reject(new BackupError({ code: 'unsupported', message: 'sequential' })),
    async *scan(): AsyncGenerator<ObjectBody> {
      for (const member of members) {
        const info = infoOf(member)
        yield {
          info,
          body: (async function* () {
            options.reads?.push(member.key)
            for (const byte of Buffer.from(member.bytes ?? '')) yield Uint8Array.of(byte)
            if (member.broken !== undefined) throw member.broken
          })(),
        }
      }
      if (options.damage !== undefined) throw options.damage
    },
  }
}
const memory = (objects: Record<string, MemoryContent>, options: MemorySourceOptions = {}) =>
  memorySource(objects, { uri: 'memory://tree', ...options })

const finish = async (run: Run<ObjectFinding, Report>) => {
  const found: ObjectFinding[] = []
  let failure: unknown
  try {
    for await (const page of run) found.push(...page)
  } catch (error) {
    failure = error
  }
  const brief = found.map((f) => `${f.key} ${f.outcome} ${f.reason}${f.grade ? ` ${f.grade}` : ''}`)
  return { found, brief, failure, report: await run.report() }
}
const run = (options: CompareOptions) => finish(compare({ retry: { attempts: 2, baseDelayMs: 1 }, ...options }))

const members: readonly Member[] = [
  { key: 'z', bytes: 'zz' },
  { key: 'a', bytes: 'aaa' },
  { key: 'm/b', bytes: '' },
]
const tree = { z: 'zz', a: 'aaa', 'm/b': '' }

describe('a sequential source', () => {
  it('is read once, in its own order, and proven against a tree at `read`, on either side', async () => {
    const reads: string[] = []
    const source = archive(members, { reads })
    const one = await run({ source, replicas: [memory(tree)] })
    expect(one.brief).toEqual(['a match digest read', 'm/b match digest read', 'z match digest read'])
    expect(reads).toEqual(['z', 'a', 'm/b'])
    expect(one.found[0]!.sides).toMatchObject({ source: { bytesRead: 3 }, replica: { bytesRead: 3 } })
    expect([one.report.result.source.bytesRead, one.report.telemetry.requests['scan']]).toEqual([5, 1])
    expect((await run({ source: memory(tree), replicas: [source] })).brief).toEqual(one.brief)
    const strong = await run({ source, replicas: [memory(tree)], require: 'read', strength: 'cryptographic' })
    expect(strong.report.result.totals.algorithms).toEqual({ sha256: 3 })
  })

  it('is proven against another one, against stored digests and against several replicas at once', async () => {
    const other = archive([...members].reverse(), { uri: 'memory://other.tar' })
    expect((await run({ source: archive(members), replicas: [other] })).brief[0]).toBe('a match digest read')
    const stored = memory(tree, { digests: [{ algorithm: 'md5', provenance: 'service' }] })
    const two = await run({ source: archive(members), replicas: [stored, memory(tree, { uri: 'memory://second' })] })
    expect(two.brief.slice(0, 2)).toEqual(['a match digest stored', 'a match digest read'])
    expect(two.report.result.replicas[0]!.bytesRead).toBe(0)
  })

  it('finds what differs, is missing and extra', async () => {
    const { brief } = await run({ source: archive(members), replicas: [memory({ z: 'zy', b: 'x', 'm/b': '' })] })
    expect(brief).toEqual(['a missing absent', 'b extra absent', 'm/b match digest read', 'z mismatch digest'])
  })

  it('does not read what filters leave out', async () => {
    const reads: string[] = []
    const { brief, report } = await run({
      source: archive(members, { reads }),
      replicas: [memory(tree)],
      exclude: ['a'],
    })
    expect(brief).toEqual(['m/b match digest read', 'z match digest read'])
    expect(reads).toEqual(['z', 'm/b'])
    expect(report.result.source.excluded).toEqual({ filter: 1 })
  })

  it('gives hard links the bytes of their targets, and tells those that lead nowhere', async () => {
    const linked = archive([...members, { key: 'b-link', linkTo: 'z' }, { key: 'y-link', linkTo: 'gone' }])
    const replica = memory({ ...tree, 'b-link': 'zz', 'y-link': 'x' })
    const { brief } = await run({ source: linked, replicas: [replica] })
    expect(brief).toEqual([
      'a match digest read',
      'b-link match digest read',
      'm/b match digest read',
      'y-link unreadable listing-failed',
      'z match digest read',
    ])
    const wrong = await run({ source: linked, replicas: [memory({ ...tree, 'b-link': 'zy', 'y-link': 'x' })] })
    expect(wrong.brief[1]).toBe('b-link mismatch digest')
  })

  it('that is damaged half way is unreadable, never a shorter list', async () => {
    const damaged = archive(members.slice(0, 2), { damage: corrupt })
    for (const options of [
      { source: damaged, replicas: [memory(tree)] },
      { source: memory(tree), replicas: [damaged] },
    ]) {
      const { brief, failure, report } = await run(options)
      expect(brief).toEqual(['a match digest read', 'm/b unreadable listing-failed', 'z match digest read'])
      expect(failure).toMatchObject({ code: 'corrupt' })
      expect(report.result).toMatchObject({
        complete: false,
        incomplete: [{ reason: 'failed', error: { code: 'corrupt' } }],
      })
      expect(exitCode(report.result)).toBe(1)
    }
    // Also where all that is left agrees, and where nothing is left.
    for (const left of [tree, {}]) {
      const whole = archive(left === tree ? members : [], { damage: corrupt })
      const { report } = await run({ source: memory(left), replicas: [whole] })
      expect(exitCode(report.result)).toBe(1)
    }
  })

  it('tells a member whose body is damaged, and goes on', async () => {
    const source = archive([{ key: 'a', bytes: 'aa', broken: corrupt }, ...members.slice(0, 1)])
    const { brief, report } = await run({ source, replicas: [memory({ a: 'aa', z: 'zz' })] })
    expect(brief).toEqual(['a unreadable read-failed', 'z match digest read'])
    expect(report.result.complete).toBe(true)
    const short = await run({ source: archive([{ key: 'a', bytes: 'aa', size: 3 }]), replicas: [memory({ a: 'aaa' })] })
    expect(short.brief).toEqual(['a unreadable read-failed'])
  })

  it('names one key twice: nothing is proven by it', async () => {
    const { found } = await run({ source: archive([...members, { key: 'a', bytes: 'new' }]), replicas: [memory(tree)] })
    expect(found[0]).toMatchObject({ key: 'a', outcome: 'unverifiable', reason: 'key-collision' })
  })

  it('is verified against a record, and against the digests it carries itself', async () => {
    const recorded = {
      digests: [{ algorithm: 'sha256', provenance: 'recorded' }],
      traits: { readCost: 'impossible' },
    } as const
    const against = memory(tree, recorded)
    const good = await finish(verify({ source: archive(members), against, require: 'read' }))
    expect(good.brief).toEqual(['a match digest read', 'm/b match digest read', 'z match digest read'])
    const bad = await finish(
      verify({ source: archive([{ key: 'z', bytes: 'zy' }]), against: memory({ z: 'zz' }, recorded) }),
    )
    expect(bad.found).toMatchObject([{ outcome: 'mismatch', rotten: 'source' }])
    const crc = { algorithm: 'crc32', provenance: 'recorded' } as const
    const own = archive([
      { key: 'a', bytes: '123456789', digests: [{ ...crc, value: 'cbf43926' }] },
      { key: 'b', bytes: '12345678X', digests: [{ ...crc, value: 'cbf43926' }] },
      { key: 'c', bytes: 'no digest' },
    ])
    expect((await finish(verify({ source: own }))).brief).toEqual([
      'a match digest stored',
      'b mismatch digest',
      'c unverifiable no-digest',
    ])
  })

  it('ends promptly when the run is cancelled, and is refused when it cannot be scanned', async () => {
    const controller = new AbortController()
    const { scan: _, ...rest } = archive(members)
    const stalled: BackupSource = {
      ...rest,
      async *scan() {
        await new Promise(() => undefined)
        yield* []
      },
    }
    setTimeout(() => controller.abort(new Error('enough')), 20)
    const { failure } = await run({ source: stalled, replicas: [memory(tree)], signal: controller.signal })
    expect(failure).toMatchObject({ message: 'enough' })
    await expect(compare({ source: rest, replicas: [memory(tree)] }).report()).rejects.toMatchObject({
      code: 'contract',
    })
  })
})
