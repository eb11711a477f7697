import { describe, expect, it } from 'vitest'
import { BackupError, type ErrorCode } from '../../src/errors.js'
import { preflight } from '../../src/preflight/index.js'
import type { PreflightReport } from '../../src/preflight/report.js'
import type { BackupSource, ObjectBody } from '../../src/source/backup-source.js'
import type { PreflightCheck } from '../../src/source/preflight.js'
import { type Fault, faultySource, memorySource } from '../../src/testing/index.js'

const now = () => new Date('2026-01-01T00:00:00Z')
const retry = { attempts: 3, baseDelayMs: 1, maxDelayMs: 1 }
const check = (source: BackupSource, signal?: AbortSignal): Promise<PreflightReport> =>
  preflight(source, { now, retry, signal })
const statuses = ({ checks }: PreflightReport): Record<string, string> =>
  Object.fromEntries(checks.map(({ id, status }) => [id, status]))
const of = (report: PreflightReport, id: string): PreflightCheck => report.checks.find((one) => one.id === id)!
const error = (code: ErrorCode, message = `the store says ${code}`): BackupError => new BackupError({ code, message })
const faulty = (faults: readonly Fault[], objects: Record<string, string> = { a: 'alpha', b: 'beta' }): BackupSource =>
  faultySource(memorySource(objects), faults)

describe('a place where all works', () => {
  it('is ok, in a few requests', async () => {
    const source = memorySource({ empty: '', full: 'bytes' })
    const read: unknown[] = []
    const watched: BackupSource = {
      ...source,
      read: (ref, o) => {
        read.push(ref)
        return source.read(ref, o)
      },
    }
    const report = await check(watched)
    expect(report).toMatchObject({
      schema: 'backproof.preflight/v1',
      source: 'memory://objects',
      asOf: '2026-01-01T00:00:00.000Z',
      ok: true,
    })
    expect(statuses(report)).toEqual({
      reach: 'ok',
      list: 'ok',
      order: 'ok',
      stat: 'ok',
      read: 'ok',
      digests: 'notice',
      versions: 'notice',
    })
    expect(of(report, 'list').detail).toBe('It shows 2 entries.')
    expect(of(report, 'read').detail).toBe('The first 5 bytes of full came.')
    expect(read).toHaveLength(1)
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  })

  it('is looked at by two pages and one chunk only, and each is left', async () => {
    const objects = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`k${String(i).padStart(2, '0')}`, 'x'.repeat(100)]),
    )
    const source = memorySource(objects, { pageSize: 10, chunkSize: 10 })
    const seen = { pages: 0, chunks: 0, left: 0 }
    async function* counted<T>(inner: AsyncIterable<T>, what: 'pages' | 'chunks'): AsyncGenerator<T> {
      try {
        for await (const one of inner) {
          seen[what] += 1
          yield one
        }
      } finally {
        seen.left += 1
      }
    }
    const watched: BackupSource = {
      ...source,
      list: (o) => counted(source.list(o), 'pages'),
      read: async (ref, o): Promise<ObjectBody> => {
        const opened = await source.read(ref, o)
        return { ...opened, body: counted(opened.body, 'chunks') }
      },
    }
    const report = await check(watched)
    expect(report.ok).toBe(true)
    expect(of(report, 'list').detail).toBe('It shows the first 20 entries.')
    expect(seen).toEqual({ pages: 2, chunks: 1, left: 2 })
  })

  it('is tried again after passing faults', async () => {
    const passing = { error: error('throttled'), times: 1 } as const
    const places = ['describe', 'list', 'stat', 'read', 'body'] as const
    const report = await check(faulty(places.map((at) => ({ kind: 'error', at, ...passing }))))
    expect(report.ok).toBe(true)
  })
})

describe('what does not work becomes a check', () => {
  it.each([
    ['access-denied', 'problem'],
    ['not-found', 'problem'],
    ['corrupt', 'problem'],
    ['invalid-config', 'problem'],
    ['throttled', 'unknown'],
    ['unavailable', 'unknown'],
  ] as const)('%s of the place: a %s with a fix, and nothing else is tried', async (code, status) => {
    const report = await check(faulty([{ kind: 'error', at: 'describe', error: error(code) }]))
    expect(report.ok).toBe(false)
    expect(statuses(report)).toEqual({ reach: status })
    expect(of(report, 'reach').detail).toBe(`the store says ${code}`)
    expect(of(report, 'reach').fix).toMatch(/^[A-Z].*\.$/)
  })

  it.each(['list', 'stat', 'read', 'body'] as const)('access-denied at %s', async (at) => {
    const report = await check(faulty([{ kind: 'error', at, error: error('access-denied') }]))
    expect(report.ok).toBe(false)
    const failed = report.checks.filter(({ status }) => status === 'problem')
    expect(failed.map(({ id }) => id)).toEqual([at === 'body' ? 'read' : at])
    expect(failed[0]!.fix).toContain('permission')
  })

  it('an error that is no BackupError, its secret removed', async () => {
    const thrown = new Error('GET https://bucket.example/key?X-Amz-Signature=c0ffee failed')
    const report = await check(faulty([{ kind: 'error', at: 'list', error: thrown }]))
    expect(statuses(report)).toMatchObject({ list: 'problem', digests: 'notice' })
    expect(JSON.stringify(report)).not.toContain('c0ffee')
  })

  it('a broken order, and a key that comes twice', async () => {
    const reversed = await check(faulty([{ kind: 'disorder', page: 0 }]))
    expect(of(reversed, 'order')).toMatchObject({
      status: 'problem',
      detail: expect.stringContaining('a comes after b'),
    })
    const twice = await check(faulty([{ kind: 'duplicate', key: 'b' }]))
    expect(of(twice, 'order').detail).toContain('lists b twice')
    expect([reversed.ok, twice.ok]).toEqual([false, false])
  })

  it('a body that has no bytes although they were promised', async () => {
    const report = await check(faulty([{ kind: 'short-body', key: 'a', bytes: 0 }]))
    expect(of(report, 'read')).toMatchObject({ status: 'problem', detail: expect.stringContaining('5 bytes') })
  })

  it('an entry that permission hides', async () => {
    const problem = { code: 'access-denied', message: 'closed/ may not be listed' } as const
    const source = memorySource({ a: 'alpha', 'closed/': { kind: 'special', problem } })
    const report = await check(source)
    expect(of(report, 'list')).toMatchObject({
      status: 'problem',
      detail: 'Of 2 entries, 1 cannot be shown in full. The first is closed/: closed/ may not be listed',
    })
    expect(statuses(report)).toMatchObject({ stat: 'ok', read: 'ok' })
  })

  it('objects that went away: the next one is tried, and the loss is told', async () => {
    const gone = { kind: 'error', error: error('not-found', 'a is gone'), key: 'a' } as const
    const report = await check(
      faulty([
        { ...gone, at: 'stat' },
        { ...gone, at: 'read' },
      ]),
    )
    expect(of(report, 'read')).toMatchObject({
      status: 'notice',
      detail: 'The first 4 bytes of b came. Before it: a is gone',
    })
    expect(of(report, 'stat').status).toBe('notice')
    const all = await check(faulty([{ kind: 'error', at: 'read', error: error('not-found') }]))
    expect(of(all, 'read').status).toBe('unknown')
  })
})

describe('what there is to know', () => {
  it('no objects: nothing to prove', async () => {
    const report = await check(memorySource({}))
    expect(report.ok).toBe(true)
    expect(of(report, 'list')).toMatchObject({ status: 'notice', detail: expect.stringContaining('nothing to prove') })
    expect(of(report, 'read')).toMatchObject({ status: 'notice', detail: 'Not tried: there is no object with bytes.' })
    const link = await check(memorySource({ l: { kind: 'symlink', linkTarget: 'x' } }))
    expect(of(link, 'list').detail).toContain('none of them an object: there is nothing to prove')
  })

  it.each(['none', 'path'] as const)('keys in the order "%s" will be sorted on disk', async (order) => {
    const report = await check(memorySource({ 'a-b': 'x', 'a/b': 'y' }, { order }))
    expect(of(report, 'order')).toMatchObject({ status: 'notice', detail: expect.stringContaining('sorted on disk') })
    expect(report.ok).toBe(true)
  })

  it.each([
    [[], 'size'],
    [[{ algorithm: 'md5', provenance: 'claimed' }], 'claimed'],
    [
      [
        { algorithm: 'md5', provenance: 'claimed' },
        { algorithm: 'crc32c', provenance: 'service', in: 'stat' },
      ],
      'stored',
    ],
  ] as const)('digests %j reach the grade %s', async (digests, grade) => {
    const { detail } = of(await check(memorySource({ a: 'x' }, { digests })), 'digests')
    expect(detail).toContain(`the grade \`${grade}\``)
    for (const { algorithm } of digests) expect(detail).toContain(algorithm)
  })

  it('versions, and reads that nothing pins', async () => {
    const kept = await check(memorySource({ a: 'x' }, { traits: { versions: true } }))
    expect(of(kept, 'versions').status).toBe('ok')
    const loose = await check(memorySource({ a: 'x' }, { traits: { versions: true, pinning: 'none' } }))
    expect(of(loose, 'versions')).toMatchObject({ status: 'notice', detail: expect.stringContaining('one version') })
  })

  it.each(['impossible', 'archived'] as const)('nothing is read where reading is %s', async (readCost) => {
    const source = memorySource({ a: 'x' }, { traits: { readCost } })
    const report = await check({ ...source, read: () => Promise.reject(new Error('was read')) })
    expect(of(report, 'read')).toMatchObject({ status: 'notice', detail: expect.stringMatching(/^Not tried: /) })
    expect(report.ok).toBe(true)
  })
})

describe('a source that is read from front to end', () => {
  const sequential = (objects: Record<string, string>, left: string[] = []): BackupSource => {
    const source = memorySource(objects, { traits: { access: 'sequential', keyOrder: 'none' } })
    return {
      ...source,
      list: () => {
        throw new Error('was listed')
      },
      async *scan(options) {
        try {
          for await (const page of source.list(options)) for (const entry of page) yield source.read(entry.ref, options)
        } finally {
          left.push('scan')
        }
      },
    }
  }

  it('is opened at its first object with bytes, and left', async () => {
    const left: string[] = []
    const report = await check(sequential({ a: '', b: 'beta', c: 'gamma' }, left))
    expect(report.ok).toBe(true)
    expect(of(report, 'read').detail).toBe('The first 4 bytes of b came.')
    expect(statuses(report)).toMatchObject({ list: 'notice', order: 'notice', stat: 'notice' })
    expect(left).toEqual(['scan'])
  })

  it('says that it is empty, or that it cannot be opened', async () => {
    expect(of(await check(sequential({})), 'read').detail).toContain('nothing to prove')
    const broken = {
      ...sequential({ a: 'x' }),
      scan: () => faulty([{ kind: 'error', at: 'list', error: error('corrupt') }]).list(),
    }
    expect(of(await check(broken as unknown as BackupSource), 'read').status).toBe('problem')
  })
})

describe("the provider's own checks", () => {
  const own = (id: string, status: PreflightCheck['status'] = 'ok'): PreflightCheck => ({
    id,
    title: `own ${id}`,
    status,
    detail: 'Seen by the provider.',
  })
  const withOwn = (checks: readonly PreflightCheck[], faults: readonly Fault[] = []): BackupSource => ({
    ...faulty(faults),
    preflight: () => Promise.resolve(checks),
  })

  it('come last; of the same id the provider wins, in its place', async () => {
    const report = await check(withOwn([own('clock'), own('list'), own('credentials', 'notice')]))
    expect(report.checks.map(({ id, title }) => (title.startsWith('own') ? `own ${id}` : id))).toEqual([
      'reach',
      'own list',
      'order',
      'stat',
      'read',
      'digests',
      'versions',
      'own clock',
      'own credentials',
    ])
    expect(report.ok).toBe(true)
  })

  it.each(['problem', 'unknown'] as const)('a %s among them is not ok', async (status) => {
    expect((await check(withOwn([own('clock', status)]))).ok).toBe(false)
  })

  it('are asked for also where nothing else works', async () => {
    const report = await check(
      withOwn([own('credentials')], [{ kind: 'error', at: 'describe', error: error('access-denied') }]),
    )
    expect(statuses(report)).toEqual({ reach: 'problem', credentials: 'ok' })
  })

  it('are a check themselves when they throw, and no secret gets out of them', async () => {
    const thrower = {
      ...faulty([]),
      preflight: () => Promise.reject(new Error('Authorization: Bearer c0ffee00c0ffee')),
    }
    const report = await check(thrower)
    expect(of(report, 'preflight').status).toBe('problem')
    expect(JSON.stringify(report)).not.toContain('c0ffee')
    const careless = {
      ...own('sas', 'problem'),
      detail: 'https://x.example/c?sig=c0ffee',
      fix: 'Use sig=c0ffee again.',
    }
    expect(JSON.stringify(await check(withOwn([careless])))).not.toContain('c0ffee')
  })
})

describe('abort', () => {
  it.each(['describe', 'list', 'stat', 'read', 'body'] as const)(
    'rejects with the reason while %s hangs',
    async (at) => {
      const controller = new AbortController()
      const running = check(faulty([{ kind: 'stall', at }]), controller.signal)
      const reason = new Error('enough')
      setTimeout(() => controller.abort(reason), 20)
      await expect(running).rejects.toBe(reason)
    },
  )

  it('rejects when it came before, and while the provider checks', async () => {
    await expect(check(faulty([]), AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
    const controller = new AbortController()
    const deaf = { ...faulty([]), preflight: () => new Promise<never>(() => undefined) }
    setTimeout(() => controller.abort(new Error('during')), 20)
    await expect(check(deaf, controller.signal)).rejects.toThrow('during')
  })
})

it('refuses an option that it does not have, at once', () => {
  expect(() => preflight(faulty([]), { singal: undefined } as never)).toThrow(/no option `singal`/)
})
