import { describe, expect, it } from 'vitest'
import { firstMoment, lastMoment } from '../../../src/audit/engine/waiver-form.js'
import type { Waiver } from '../../../src/audit/index.js'
import { asset, brief, counting, enough, known, run } from './parts.js'

const waiver = (more: Partial<Waiver> = {}): Waiver => ({
  id: 'w1',
  select: { rule: 'enough', target: 'a' },
  reason: 'is replaced in December',
  approver: 'CISO',
  ticket: 'SEC-1',
  compensatingControl: 'a second copy',
  expires: '2026-11-30',
  ...more,
})
const targets = [asset('a'), asset('b')]
const judged = (...waivers: readonly unknown[]) =>
  run([enough()], [counting(() => known(1))], { targets, waivers: waivers as Waiver[] })

describe('a waiver', () => {
  it('is named by the failing row that it accepts, which stays failing and in the score', async () => {
    const { rows, result } = await judged(waiver())
    expect(brief(rows)).toEqual(['a enough fail too-few', 'b enough fail too-few'])
    expect(rows[0]?.waiver).toEqual({
      id: 'w1',
      reason: 'is replaced in December',
      approver: 'CISO',
      ticket: 'SEC-1',
      compensatingControl: 'a second copy',
      expires: '2026-11-30T23:59:59.999Z',
    })
    expect(rows[1]?.waiver).toBeUndefined()
    expect(result).toMatchObject({ score: 0, totals: { waived: 1, statuses: { fail: 2 } }, failing: { high: 1 } })
  })

  it.each([
    ['the fingerprint', async () => ({ fingerprint: (await judged()).rows[0]!.fingerprint })],
    ['a pattern of targets', async () => ({ kind: 'asset', target: 'a*' })],
    ['the message', async () => ({ message: 'too-few', target: 'a' })],
  ])('selects by %s', async (_, select) => {
    const { rows } = await judged(waiver({ select: await select() }))
    expect(rows.map((row) => row.waiver?.id)).toEqual(['w1', undefined])
  })

  it('selects by the id of a rule that has another name, and by that name', async () => {
    for (const rule of ['enough', 'strictly']) {
      const { rows } = await run([enough({}, { as: 'strictly' })], [counting(() => known(1))], {
        targets: [asset('a')],
        waivers: [waiver({ select: { rule } })],
      })
      expect(brief(rows)).toEqual(['a strictly fail too-few'])
      expect(rows[0]?.waiver?.id).toBe('w1')
    }
  })

  it('accepts only failing rows, and is unused where there is none', async () => {
    const { rows, result } = await run([enough()], [counting(() => known(9))], {
      targets: [asset('a')],
      waivers: [waiver()],
    })
    expect(brief(rows)).toEqual(['a enough pass enough', 'w1 waiver-valid fail waiver-unused'])
    expect(rows[1]?.action).toBe('Remove the waiver, or correct what it selects')
    expect(result.totals.waived).toBe(0)
  })

  it('is not told to be unused where what it is about cannot be decided', async () => {
    for (const select of [waiver().select, { target: 'a', subject: 'x' }, { fingerprint: '0'.repeat(32) }]) {
      const { rows } = await run([enough()], [], { targets: [asset('a')], waivers: [waiver({ select })] })
      expect(rows[0]).not.toHaveProperty('waiver')
      expect(brief(rows)).toEqual(['a enough unknown fact-unknown', 'w1 waiver-valid unknown waiver-undecided'])
    }
    const other = await run([enough()], [], { targets: [asset('a')], waivers: [waiver({ select: { target: 'b' } })] })
    expect(brief(other.rows)[1]).toBe('w1 waiver-valid fail waiver-unused')
  })

  it('covers the last day to its end in UTC, and not the next moment', async () => {
    const at = (time: string) =>
      run([enough()], [counting(() => known(1, { observedAt: Date.parse(time) }))], {
        targets: [asset('a')],
        waivers: [waiver({ expires: '2026-11-30' })],
        now: () => new Date(time),
      })
    expect((await at('2026-11-30T23:59:59.999Z')).rows[0]?.waiver).toBeDefined()
    const { rows } = await at('2026-12-01T00:00:00.000Z')
    expect(brief(rows)).toEqual(['a enough fail too-few', 'w1 waiver-valid fail waiver-expired'])
    expect(rows[0]?.waiver).toBeUndefined()
    expect(rows[1]).toMatchObject({ severity: 'high', data: { expires: '2026-11-30T23:59:59.999Z' } })
  })

  it('that runs longer than the severity allows accepts nothing', async () => {
    // 90 days for `high`, from the approval; the last day included.
    const fits = await judged(waiver({ approved: '2026-10-01', expires: '2026-12-30' }))
    expect(brief(fits.rows)).toEqual(['a enough fail too-few', 'b enough fail too-few'])
    expect(fits.rows[0]?.waiver).toBeDefined()
    const { rows } = await judged(waiver({ approved: '2026-10-01', expires: '2026-12-31' }))
    expect(brief(rows)).toEqual([
      'a enough fail too-few',
      'b enough fail too-few',
      'w1 waiver-valid fail waiver-too-long',
    ])
    expect(rows[0]?.waiver).toBeUndefined()
    const late = await judged(waiver({ expires: '2027-06-30' }))
    expect(brief(late.rows)[2]).toBe('w1 waiver-valid fail waiver-too-long')
  })

  it.each([
    ['without expiry', { expires: undefined }, '`expires` is undefined; it must be a date'],
    ['with a day that does not exist', { expires: '2026-02-30' }, '`expires` is "2026-02-30"; it must be a date'],
    ['with words for a date', { expires: 'next year' }, '`expires` is "next year"'],
    ['without reason', { reason: ' ' }, '`reason` is " "; it must be a text'],
    ['without approver', { approver: undefined }, '`approver` is undefined'],
    ['of everything', { select: {} }, '`select` names nothing'],
    ['with a typing error', { select: { rul: 'enough' } }, '`select` has no member "rul"'],
    ['with a member of its own', { until: '2026-12-01' }, 'it has no member "until"'],
    ['with a wrong approval', { approved: 'yesterday' }, '`approved` is "yesterday"'],
    ['that is yet to be approved', { approved: '2036-01-01', expires: '2036-01-30' }, 'which is yet to come'],
  ])('%s is malformed and accepts nothing', async (_, more, reason) => {
    const { rows } = await judged({ ...waiver(), ...more })
    expect(rows.map((row) => row.waiver)).toEqual([undefined, undefined, undefined])
    expect(rows[2]).toMatchObject({ rule: 'waiver-valid', status: 'fail', message: 'waiver-malformed' })
    expect(rows[2]?.text).toContain(reason)
  })

  it('that is no object, or shares its id, is malformed', async () => {
    expect(brief((await judged('all of it')).rows)[2]).toBe('#1 waiver-valid fail waiver-malformed')
    expect(brief((await judged(waiver(), waiver({ select: { target: 'b' } }))).rows)).toEqual([
      'a enough fail too-few',
      'b enough fail too-few',
      'w1 waiver-valid fail waiver-malformed',
    ])
  })

  it('about a rule that this run does not have is told, and not judged', async () => {
    const { rows } = await judged(waiver({ select: { rule: 'job-not-missed' } }))
    expect(brief(rows)[2]).toBe('w1 waiver-valid not-applicable waiver-not-asked')
  })

  it('is the first by id where two would do, however they were given', async () => {
    const two = [waiver({ id: 'w2' }), waiver({ id: 'w1' })]
    for (const waivers of [two, [...two].reverse()]) expect((await judged(...waivers)).rows[0]?.waiver?.id).toBe('w1')
  })
})

describe('moments of waivers', () => {
  it.each([
    ['2026-11-30', Date.UTC(2026, 10, 30), Date.UTC(2026, 11, 1) - 1],
    ['2026-11-30T12:00:00Z', Date.UTC(2026, 10, 30, 12), Date.UTC(2026, 10, 30, 12)],
    ['2026-11-30T12:00+02:00', Date.UTC(2026, 10, 30, 10), Date.UTC(2026, 10, 30, 10)],
    ['2024-02-29', Date.UTC(2024, 1, 29), Date.UTC(2024, 2, 1) - 1],
    ['2026-02-29', undefined, undefined],
    ['2026-11-30T12:00:00', undefined, undefined],
    ['2026-13-01', undefined, undefined],
    ['30.11.2026', undefined, undefined],
    ['', undefined, undefined],
  ])('%s', (text, first, last) => {
    expect([firstMoment(text), lastMoment(text)]).toEqual([first, last])
  })
})
