import { describe, expect, it } from 'vitest'
import { BackupError } from '../../../src/errors.js'
import { asset, brief, counting, DAY, doing, enough, known, NOW, run } from './parts.js'

const targets = [asset('a')]

describe('facts', () => {
  it('decide verdicts where they are known or absent', async () => {
    const values = new Map([
      ['a', known(3)],
      ['b', known(2)],
      ['c', { state: 'absent', source: 'a test', observedAt: NOW } as const],
    ])
    const { rows } = await run([enough()], [counting(({ id }) => values.get(id))], {
      targets: [asset('c'), asset('a'), asset('b')],
    })
    expect(brief(rows)).toEqual(['a enough pass enough', 'b enough fail too-few', 'c enough not-applicable none'])
    expect(rows[1]).toMatchObject({
      text: 'only 2',
      severity: 'high',
      action: 'Count again',
      evidence: [{ kind: 'count', data: { count: 2 } }],
      facts: [{ token: 'test.count', state: 'known', source: 'a test', observedAt: '2026-11-01T12:00:00.000Z' }],
    })
  })

  it('are unknown without a collector, and the rule is not called', async () => {
    let called = 0
    const rule = enough()
    const evaluate = () => {
      called += 1
      return { message: 'enough', data: { count: 9 } }
    }
    const spy = { ...rule, evaluate }
    const { rows, result } = await run([spy], [], { targets })
    expect(brief(rows)).toEqual(['a enough unknown fact-unknown'])
    expect(rows[0]?.text).toBe('a fact that this rule needs is not known: test.count (not-collected)')
    expect(called).toBe(0)
    expect(result.score).toBe(0)
    expect(result.lost).toEqual([{ token: 'test.count', reason: 'not-collected', findings: 1, rules: ['enough'] }])
  })

  it.each([
    ['denied', new BackupError({ code: 'access-denied', message: 'no' })],
    ['unsupported', new BackupError({ code: 'unsupported', message: 'no' })],
    ['throttled', new BackupError({ code: 'throttled', message: 'no', retryable: false })],
    ['failed', new Error('no')],
  ])('are unknown, %s, where the collector throws', async (reason, error) => {
    const { rows } = await run([enough()], [counting(() => Promise.reject(error))], { targets })
    expect(rows[0]).toMatchObject({ status: 'unknown', facts: [{ state: 'unknown', reason, detail: 'no' }] })
  })

  it('name the permission that would help, and no secret', async () => {
    const fact = {
      state: 'unknown',
      reason: 'denied',
      missingPermission: 's3:GetBucketVersioning',
      detail: 'https://b.s3.amazonaws.com/?X-Amz-Signature=abc said no',
    } as const
    const { rows, result } = await run([enough()], [counting(() => fact)], { targets })
    expect(rows[0]?.text).toContain('test.count (denied, needs s3:GetBucketVersioning)')
    expect(JSON.stringify(rows)).not.toContain('abc')
    expect(result.lost[0]).toMatchObject({ missingPermission: 's3:GetBucketVersioning' })
  })

  it('of which only a part was seen may fail a rule, and never pass it or make it not applicable', async () => {
    const partial = { partial: true }
    const few = await run([enough()], [counting(() => known(1, partial))], { targets })
    expect(brief(few.rows)).toEqual(['a enough fail too-few'])
    const many = await run([enough()], [counting(() => known(9, partial))], { targets })
    expect(brief(many.rows)).toEqual(['a enough unknown fact-partial'])
  })

  it('are stale beyond maxAge', async () => {
    const old = counting(() => known(9, { observedAt: NOW - DAY - 1 }))
    const { rows } = await run([enough()], [old], { targets })
    expect(rows[0]).toMatchObject({ status: 'unknown', facts: [{ reason: 'stale' }] })
    expect(brief((await run([enough()], [old], { targets, maxAge: 2 * DAY })).rows)).toEqual(['a enough pass enough'])
  })

  it('are collected once for each target, whatever the number of rules', async () => {
    const asked: string[] = []
    const collector = counting(({ id }) => {
      asked.push(id)
      return known(9)
    })
    const rules = [enough(), enough({ min: 1 }, { as: 'some' }), enough({ min: 50 }, { as: 'many' })]
    const { rows, report } = await run(rules, [collector], { targets: [asset('a'), asset('b')] })
    expect(asked.sort()).toEqual(['a', 'b'])
    expect(report.telemetry.collected).toEqual({ counting: 2 })
    expect(brief(rows).slice(0, 3)).toEqual(['a enough pass enough', 'a many fail too-few', 'a some pass enough'])
  })

  it('come in parallel, within the limit', async () => {
    let now = 0
    let most = 0
    const collector = counting(async () => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 2))
      now -= 1
      return known(9)
    })
    const many = Array.from({ length: 40 }, (_, i) => asset(`a${i}`))
    await run([enough()], [collector], { targets: many, concurrency: 4 })
    expect(most).toBe(4)
  })

  it('are asked for again where the error may pass, and not waited for beyond the limit', async () => {
    let tries = 0
    const flaky = counting(() => {
      tries += 1
      if (tries < 3) throw new BackupError({ code: 'throttled', message: 'slow down' })
      return known(9)
    })
    const { rows, report } = await run([enough()], [flaky], { targets, retry: { baseDelayMs: 1 } })
    expect(brief(rows)).toEqual(['a enough pass enough'])
    expect(report.telemetry.retries).toBe(2)
    const never = counting(() => new Promise<undefined>(() => undefined))
    const late = await run([enough()], [never], { targets, collectTimeoutMs: 20 })
    expect(late.rows[0]).toMatchObject({ status: 'unknown', facts: [{ reason: 'timeout' }] })
  })

  describe('from two collectors', () => {
    const both = (a: Parameters<typeof counting>[0], b: Parameters<typeof counting>[0]) => [
      [counting(a, 'one'), counting(b, 'two')],
      [counting(b, 'two'), counting(a, 'one')],
    ]
    const absent = { state: 'absent', source: 'a test', observedAt: NOW } as const
    const denied = { state: 'unknown', reason: 'denied' } as const
    it.each([
      ['that agree are one', () => known(9), () => known(9), 'pass enough'],
      ['that disagree are a conflict', () => known(9), () => known(1), 'unknown fact-unknown'],
      ['of which one was denied are what the other saw', () => known(9), () => denied, 'pass enough'],
      [
        'of which one saw nothing and the other was denied are unknown',
        () => absent,
        () => denied,
        'unknown fact-unknown',
      ],
      [
        'of which one saw something and the other nothing are a conflict',
        () => known(9),
        () => absent,
        'unknown fact-unknown',
      ],
      ['of which one saw all are whole', () => known(9, { partial: true }), () => known(9), 'pass enough'],
    ])('%s', async (_, a, b, expected) => {
      for (const collectors of both(a, b))
        expect(brief((await run([enough()], collectors, { targets })).rows)).toEqual([`a enough ${expected}`])
    })
  })

  it('that a collector was not asked for are left aside', async () => {
    const chatty = { ...counting(() => known(9)), provides: [] }
    expect(brief((await run([enough()], [chatty], { targets })).rows)).toEqual(['a enough unknown fact-unknown'])
  })
})

describe('an abort', () => {
  it('ends the run promptly, and the report says so', async () => {
    const controller = new AbortController()
    const hanging = counting(() => {
      controller.abort(new Error('enough of it'))
      return new Promise<undefined>(() => undefined)
    })
    const options = { targets, signal: controller.signal }
    await expect(run([enough(), doing(() => ({ message: 'fine' }))], [hanging], options)).rejects.toThrow(
      'enough of it',
    )
  })
})
