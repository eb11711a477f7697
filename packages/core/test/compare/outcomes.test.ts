import { describe, expect, it } from 'vitest'
import { compare } from '../../src/compare/compare.js'
import type { CompareOptions } from '../../src/compare/options.js'
import { BackupError, type ErrorCode } from '../../src/errors.js'
import type { ObjectFinding } from '../../src/report/finding.js'
import {
  type Fault,
  faultySource,
  type MemoryContent,
  type MemorySourceOptions,
  memorySource,
} from '../../src/testing/index.js'

const memory = (name: string, objects: Record<string, MemoryContent>, options: MemorySourceOptions = {}) =>
  memorySource(objects, { uri: `memory://${name}`, ...options })

const findingsOf = async (options: CompareOptions): Promise<ObjectFinding[]> => {
  const found: ObjectFinding[] = []
  for await (const page of compare({ retry: { attempts: 2, baseDelayMs: 1 }, ...options })) found.push(...page)
  return found
}
const brief = (findings: readonly ObjectFinding[]): string[] =>
  findings.map(
    (f) => `${f.key}${f.replica ? `@${f.replica}` : ''} ${f.outcome} ${f.reason}${f.grade ? ` ${f.grade}` : ''}`,
  )

describe('compare: outcomes', () => {
  it('finds what is the same, different, missing and extra', async () => {
    const source = memory('a', { same: 'x', size: 'abc', bytes: 'abc', gone: 'g' })
    const replica = memory('b', { same: 'x', size: 'abcd', bytes: 'abd', more: 'm' })
    expect(brief(await findingsOf({ source, replicas: [replica] }))).toEqual([
      'bytes mismatch digest',
      'gone missing absent',
      'more extra absent',
      'same match digest read',
      'size mismatch size',
    ])
  })

  it('answers for every replica by itself and reads the source once', async () => {
    const source = memory('a', { k: 'abc', l: 'x' })
    const replicas = [memory('b', { k: 'abc', l: 'x' }), memory('c', { k: 'abd' }), memory('d', { l: 'x', z: '' })]
    const run = compare({ source, replicas })
    const { result } = await run.report()
    expect(brief(result.findings)).toEqual([
      'k@1 mismatch digest',
      'k@2 missing absent',
      'l@1 missing absent',
      'z@2 extra absent',
    ])
    expect(result.totals.outcomes).toMatchObject({ match: 3, mismatch: 1, missing: 2, extra: 1 })
    expect(result.byReplica.map((totals) => totals.outcomes.match)).toEqual([2, 0, 1])
    expect(result.source.bytesRead).toBe(4)
  })

  it('proves by stored digests without reading, and says who vouches', async () => {
    const digests = [{ algorithm: 'md5', provenance: 'service' }] as const
    const source = memory('a', { k: 'abc', bad: 'abc' }, { digests })
    const replica = memory('b', { k: 'abc', bad: 'abd' }, { digests })
    const run = compare({ source, replicas: [replica] })
    const found: ObjectFinding[] = []
    for await (const page of run) found.push(...page)
    expect(brief(found)).toEqual(['bad mismatch digest', 'k match digest stored'])
    expect(found[1]!.sides?.source?.digest).toMatchObject({ algorithm: 'md5', provenance: 'service' })
    const { result, telemetry } = await run.report()
    expect([result.source.bytesRead, result.replicas[0]!.bytesRead, telemetry.bytesRead]).toEqual([0, 0, 0])
    expect(result.totals).toMatchObject({ grades: { stored: 1 }, methods: { digest: 1 } })
  })

  it('does not see rot under a stored digest at `stored`, and sees it and names the side at `read`', async () => {
    const digests = [{ algorithm: 'md5', provenance: 'service' }] as const
    const source = memory('a', { k: 'abc' }, { digests })
    const replica = memory('b', { k: 'abc' }, { digests })
    replica.rot('k', 'abX')
    const weak = await findingsOf({ source, replicas: [replica] })
    expect(brief(weak)).toEqual(['k match digest stored'])
    expect(weak[0]!.sides?.replica?.bytesRead).toBe(0)
    // A digest of the same algorithm as the stored one names the broken side.
    const strong = await findingsOf({ source, replicas: [replica], require: 'read' })
    expect(brief(strong)).toEqual(['k mismatch digest'])
    expect(strong[0]!.rotten).toBe('replica')
  })

  it('reads one side only where the other side has a digest that policy accepts', async () => {
    const inStat = { digests: [{ algorithm: 'sha256', provenance: 'service', in: 'stat' }] } as const
    const long = 'abc'.repeat(100_000)
    const source = memory('a', { k: long })
    const { result, telemetry } = await compare({ source, replicas: [memory('b', { k: long }, inStat)] }).report()
    expect(result.totals).toMatchObject({
      grades: { stored: 1 },
      methods: { 'one-sided-read': 1 },
      algorithms: { sha256: 1 },
    })
    expect([result.source.bytesRead, result.replicas[0]!.bytesRead]).toEqual([long.length, 0])
    expect(telemetry.requests).toMatchObject({ stat: 1, read: 1 })
    // Asking about a small object takes as long as reading it, which proves more.
    const small = compare({ source: memory('a', { k: 'abc' }), replicas: [memory('b', { k: 'abc' }, inStat)] })
    const read = await small.report()
    expect(read.result.totals).toMatchObject({ grades: { read: 1 }, methods: { 'two-sided-read': 1 } })
    expect(read.telemetry).toMatchObject({ requests: { read: 2 }, readInstead: 1 })
    expect(read.telemetry.requests['stat']).toBeUndefined()
  })

  it('never accuses on a claim alone: it reads on, or says unverifiable', async () => {
    const lie = {
      bytes: 'abc',
      digests: [{ algorithm: 'md5', value: '00'.repeat(16), provenance: 'claimed' }],
    } as const
    const md5 = [{ algorithm: 'md5', provenance: 'service' }] as const
    const source = memory('a', { k: 'abc' }, { digests: md5 })
    const honest = await findingsOf({ source, replicas: [memory('b', { k: lie })], require: 'claimed' })
    expect(brief(honest)).toEqual(['k match digest stored'])
    const list = memory('b', { k: lie }, { traits: { readCost: 'impossible' } })
    const listed = memory('a', { k: 'abc' }, { digests: md5, traits: { readCost: 'impossible' } })
    expect(brief(await findingsOf({ source: listed, replicas: [list], require: 'claimed' }))).toEqual([
      'k unverifiable claim-differs',
    ])
  })

  it('does not accept equal claims where policy wants more', async () => {
    const digests = [{ algorithm: 'md5', provenance: 'claimed' }] as const
    const traits = { readCost: 'impossible' } as const
    const source = memory('a', { k: 'abc' }, { digests, traits })
    const replica = memory('b', { k: 'abc' }, { digests, traits })
    expect(brief(await findingsOf({ source, replicas: [replica] }))).toEqual(['k unverifiable below-required-grade'])
    expect(
      brief(await findingsOf({ source, replicas: [replica], require: 'claimed', strength: 'cryptographic' })),
    ).toEqual(['k unverifiable below-required-strength'])
    expect(brief(await findingsOf({ source, replicas: [replica], require: 'claimed' }))).toEqual([
      'k match digest claimed',
    ])
  })

  it('says size where size was all that was asked for', async () => {
    const source = memory('a', { k: 'abc' })
    const found = await findingsOf({ source, replicas: [memory('b', { k: 'xyz' })], require: 'size' })
    expect(brief(found)).toEqual(['k match size size'])
  })

  it('compares links by their target and never opens special files', async () => {
    const link = (linkTarget: string): MemoryContent => ({ kind: 'symlink', linkTarget })
    const source = memory('a', {
      l: link('x'),
      m: link('x'),
      n: link('x'),
      p: { kind: 'special' },
      q: { kind: 'special' },
    })
    const replica = memory('b', { l: link('x'), m: link('y'), n: 'file', p: { kind: 'special' }, q: 'file' })
    expect(brief(await findingsOf({ source, replicas: [replica] }))).toEqual([
      'l match link-target read',
      'm mismatch link-target',
      'n mismatch kind',
      'p unverifiable special',
      'q mismatch kind',
    ])
  })

  it('calls nothing missing or extra below a folder that could not be listed', async () => {
    const problem = { code: 'access-denied', message: 'denied' } as const
    const full = { 'd/a': 'x', 'd/b': 'x', e: 'x' }
    const blind = memory('blind', { 'd/': { kind: 'special', problem }, e: 'x' })
    expect(brief(await findingsOf({ source: memory('a', full), replicas: [blind] }))).toEqual([
      'd/ error listing-failed',
      'd/a error listing-failed',
      'd/b error listing-failed',
      'e match digest read',
    ])
    expect(brief(await findingsOf({ source: blind, replicas: [memory('a', full)] }))).toEqual([
      'd/ error listing-failed',
      'd/a error listing-failed',
      'd/b error listing-failed',
      'e match digest read',
    ])
  })

  it('tells an entry that could not be looked at, on either side', async () => {
    const problem = { code: 'access-denied', message: 'denied' } as const
    const source = memory('a', { k: { problem }, l: 'x', m: { problem } })
    const replica = memory('b', { k: 'x', l: { problem: { code: 'corrupt', message: 'EIO' } } })
    const found = await findingsOf({ source, replicas: [replica] })
    expect(brief(found)).toEqual(['k error listing-failed', 'l unreadable listing-failed', 'm missing absent'])
    expect(found.map((f) => f.error?.side)).toEqual(['source', 'replica', undefined])
  })
})

describe('compare: faults while reading', () => {
  const source = memory('a', { j: 'abcdef', k: 'abcdef', l: 'abcdef' })
  const copy = () => memory('b', { j: 'abcdef', k: 'abcdef', l: 'abcdef' })
  const error = (code: ErrorCode) => new BackupError({ code, message: `${code} for the test` })
  const withFault = async (fault: Fault) => {
    const run = compare({ source, replicas: [faultySource(copy(), [fault])], retry: { attempts: 3, baseDelayMs: 1 } })
    const found: ObjectFinding[] = []
    for await (const page of run) found.push(...page)
    const k = found.find((finding) => finding.key === 'k')!
    expect(found.filter((finding) => finding !== k).map((finding) => finding.outcome)).toEqual(['match', 'match'])
    return { k, brief: `${k.outcome} ${k.reason}`, report: await run.report() }
  }

  it.each([
    [
      'a fault that passes',
      { kind: 'error', at: 'read', key: 'k', error: error('unavailable'), times: 2 },
      'match digest',
    ],
    [
      'a fault that passes in the middle',
      { kind: 'error', at: 'body', key: 'k', after: 3, error: error('timeout'), times: 1 },
      'match digest',
    ],
    ['a fault that stays', { kind: 'error', at: 'read', key: 'k', error: error('unavailable') }, 'error read-failed'],
    ['no permission', { kind: 'error', at: 'read', key: 'k', error: error('access-denied') }, 'error read-failed'],
    [
      'gone after it was listed',
      { kind: 'error', at: 'read', key: 'k', error: error('not-found') },
      'unreadable read-failed',
    ],
    [
      'damage that the service reports',
      { kind: 'error', at: 'body', key: 'k', after: 3, error: error('corrupt') },
      'unreadable read-failed',
    ],
    [
      'an archived object',
      { kind: 'error', at: 'read', key: 'k', error: error('archived') },
      'unverifiable read-failed',
    ],
    ['a body that just ends', { kind: 'short-body', key: 'k', bytes: 3 }, 'unreadable read-failed'],
    ['a body that is too long', { kind: 'long-body', key: 'k', bytes: 3 }, 'unreadable read-failed'],
    ['one flipped bit', { kind: 'flipped-bit', key: 'k', offset: 5 }, 'mismatch digest'],
    ['a change while it is read, once', { kind: 'changed', key: 'k', after: 3, times: 1 }, 'match digest'],
    ['a change at every read', { kind: 'changed', key: 'k', after: 3 }, 'changed changed-while-read'],
  ] as const)('%s', async (_, fault, expected) => {
    const { k, brief: got, report } = await withFault(fault)
    expect(got).toBe(expected)
    if (k.outcome !== 'match' && k.outcome !== 'mismatch') expect(k.error?.side).toBe('replica')
    if (k.outcome !== 'match') expect(k.grade).toBeUndefined()
    expect(report.result.totals.outcomes.match).toBe(k.outcome === 'match' ? 3 : 2)
  })

  it('does not try again what cannot succeed', async () => {
    const { report } = await withFault({ kind: 'error', at: 'read', key: 'k', error: error('access-denied') })
    expect(report.telemetry.retries).toBe(0)
  })

  it('compares the new bytes when an object was replaced before it was read', async () => {
    const replica = copy()
    const run = compare({ source, replicas: [replica], include: ['k'] })
    const read = replica.read.bind(replica)
    let first = true
    Object.assign(replica, {
      read: (...args: Parameters<typeof read>) => {
        if (first) replica.set('k', 'abcdeX')
        first = false
        return read(...args)
      },
    })
    const { result } = await run.report()
    expect(brief(result.findings)).toEqual(['k mismatch digest'])
  })
})
