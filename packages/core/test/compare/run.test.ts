import { describe, expect, it } from 'vitest'
import { compare } from '../../src/compare/compare.js'
import type { CompareOptions } from '../../src/compare/options.js'
import { BackupError } from '../../src/errors.js'
import type { Progress } from '../../src/run/options.js'
import type { BackupSource } from '../../src/source/backup-source.js'
import { type Fault, faultySource, memorySource } from '../../src/testing/index.js'

const keys = Array.from({ length: 50 }, (_, i) => `k${String(i).padStart(3, '0')}`)
const memory = (name: string, list: readonly string[] = keys) =>
  memorySource(Object.fromEntries(list.map((key) => [key, key])), { uri: `memory://${name}`, pageSize: 10 })
const retry = { attempts: 3, baseDelayMs: 1 }
const error = (code: 'unavailable' | 'access-denied' | 'not-found') =>
  new BackupError({ code, message: `${code} for the test` })
const faulty = (...faults: Fault[]) => faultySource(memory('b'), faults)

describe('compare: listings that fail', () => {
  it('resumes after a passing fault and loses nothing', async () => {
    const replica = faulty({ kind: 'error', at: 'list', page: 2, error: error('unavailable'), times: 2 })
    const { result, telemetry } = await compare({ source: memory('a'), replicas: [replica], retry }).report()
    expect(result.totals.outcomes.match).toBe(50)
    expect(result.complete).toBe(true)
    expect(telemetry.retries).toBe(2)
  })

  it.each(['source', 'replica'] as const)(
    'says incomplete, and never proven, when the listing of the %s fails for good',
    async (side) => {
      const bad = faulty({ kind: 'error', at: 'list', page: 2, error: error('access-denied') })
      const options =
        side === 'source' ? { source: bad, replicas: [memory('a')] } : { source: memory('a'), replicas: [bad] }
      const { result } = await compare({ ...options, retry }).report()
      expect(result.complete).toBe(false)
      expect(result.incomplete).toEqual([
        { reason: 'failed', side, ...(side === 'replica' && { replica: 0 }), error: error('access-denied').toJSON() },
      ])
      expect(result.totals.outcomes.missing + result.totals.outcomes.extra).toBe(0)
      await expect(async () => {
        for await (const _ of compare({ ...options, retry }));
      }).rejects.toMatchObject({ code: 'access-denied' })
    },
  )

  it('rejects when a side cannot be reached at all', async () => {
    const replica = faulty({ kind: 'error', at: 'describe', error: error('not-found') })
    await expect(compare({ source: memory('a'), replicas: [replica], retry }).report()).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it.each([
    ['in another order than promised', { kind: 'disorder', page: 1 }],
    ['a key twice', { kind: 'duplicate', key: 'k007' }],
  ] as const)('ends with a contract error when a source lists %s', async (_, fault) => {
    await expect(compare({ source: memory('a'), replicas: [faulty(fault)], retry }).report()).rejects.toMatchObject({
      code: 'contract',
    })
    await expect(compare({ source: faulty(fault), replicas: [memory('a')], retry }).report()).rejects.toMatchObject({
      code: 'contract',
    })
  })
})

describe('compare: cancellation', () => {
  it.each(['list', 'read', 'body', 'describe'] as const)('ends promptly while a source stalls in %s', async (at) => {
    const controller = new AbortController()
    const run = compare({
      source: memory('a'),
      replicas: [faulty({ kind: 'stall', at })],
      signal: controller.signal,
      retry,
    })
    setTimeout(() => controller.abort(new Error('enough')), 30)
    const started = performance.now()
    const { result } = await run.report()
    expect(performance.now() - started).toBeLessThan(230)
    expect(result).toMatchObject({ complete: false, incomplete: [{ reason: 'aborted' }] })
  })

  it('ends promptly even when a driver ignores the signal', async () => {
    const controller = new AbortController()
    const deaf: BackupSource = Object.assign(memory('b'), { read: () => new Promise<never>(() => undefined) })
    const run = compare({ source: memory('a'), replicas: [deaf], signal: controller.signal })
    setTimeout(() => controller.abort(new Error('enough')), 30)
    const started = performance.now()
    await expect(async () => {
      for await (const _ of run);
    }).rejects.toThrow('enough')
    expect(performance.now() - started).toBeLessThan(230)
  })

  it('says incomplete when the consumer leaves', async () => {
    const run = compare({ source: memory('a'), replicas: [memory('b')] })
    for await (const _ of run) break
    expect((await run.report()).result.incomplete).toEqual([{ reason: 'left-early' }])
  })
})

describe('compare: progress', () => {
  it('counts up to the totals it was asked to know', async () => {
    const seen: Progress[] = []
    await compare({
      source: memory('a'),
      replicas: [memory('b')],
      countFirst: true,
      onProgress: (p) => seen.push(p),
    }).report()
    expect(seen.at(-1)).toMatchObject({
      objects: 50,
      bytes: 200,
      current: 'k049',
      totalObjects: 50,
      totalBytes: 200,
      remainingMs: 0,
    })
  })
})

describe('compare: wrong use throws at once', () => {
  const good: CompareOptions = { source: memory('a'), replicas: [memory('b')] }
  it.each([
    ['no replicas', { replicas: [] }, '`replicas` is empty'],
    ['a replica that is no source', { replicas: [{} as never] }, 'replicas[0]'],
    ['an unknown option', { replica: memory('b') } as never, 'no option `replica`'],
    ['an unknown grade', { require: 'proof' as never }, '`require`'],
    ['an unknown strength', { strength: 'md5' as never }, '`strength`'],
    ['an unknown algorithm', { record: ['sha3' as never] }, 'sha3'],
    ['an unknown normalisation', { normalise: 'nfkc' as never }, '`normalise`'],
    ['an unknown attribute', { metadata: ['colour' as never] }, '`metadata`'],
    ['an empty glob', { include: [''] }, 'glob'],
    ['a shard out of bounds', { shard: { index: 2, count: 2 } }, 'shard'],
    ['an empty range', { range: { from: 'b', to: 'a' } }, 'range'],
    ['no concurrency', { concurrency: 0 }, '`concurrency`'],
  ] as const)('%s', (_, wrong, message) => {
    const call = () => compare({ ...good, ...(wrong as Partial<CompareOptions>) })
    expect(call).toThrow(expect.objectContaining({ code: 'invalid-config' }))
    expect(call).toThrow(message)
  })

  it('the same place twice, by object, by URI or by what the source says', async () => {
    expect(() => compare({ ...good, replicas: [good.source] })).toThrow('same place')
    expect(() => compare({ ...good, replicas: [memory('a')] })).toThrow('same place')
    expect(() => compare({ ...good, replicas: [memory('b'), memory('b')] })).toThrow('same place')
    const at = (name: string) => memorySource({ k: 'x' }, { uri: `memory://${name}`, traits: { place: '1:2' } })
    await expect(compare({ source: at('x'), replicas: [at('y')] }).report()).rejects.toMatchObject({
      code: 'invalid-config',
    })
  })

  it('a source of another specification', () => {
    expect(() => compare({ ...good, source: { ...memory('x'), specVersion: 'v2' } as never })).toThrow('"v2"')
  })
})
