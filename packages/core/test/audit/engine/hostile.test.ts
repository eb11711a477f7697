import { describe, expect, it } from 'vitest'
import {
  type AuditCollector,
  type AuditOptions,
  audit,
  defineRule,
  type FactCollector,
} from '../../../src/audit/index.js'
import { canonicalJson } from '../../../src/report/canonical.js'
import { asset, brief, count, counting, DAY, doing, enough, known, NOW, run, steady, tick, ticking } from './parts.js'

const targets = [asset('a')]

describe('a fact that is none is unknown, and never ends the run', () => {
  const at = (fact: unknown): FactCollector => counting(() => fact as never)
  it.each<[string, FactCollector]>([
    ['no list', { ...counting(() => known(9)), collect: (async () => undefined) as never }],
    ['no promise', { ...counting(() => known(9)), collect: (() => [{ token: count, fact: known(9) }]) as never }],
    ['a text', { ...counting(() => known(9)), collect: (async () => 'fine') as never }],
    ['a list of nothing', { ...counting(() => known(9)), collect: (async () => [undefined, null, 7]) as never }],
    [
      'an answer without a token',
      { ...counting(() => known(9)), collect: (async () => [{ fact: known(9) }]) as never },
    ],
    ['an answer without a fact', { ...counting(() => known(9)), collect: (async () => [{ token: count }]) as never }],
    ['another state', at({ state: 'maybe', value: 9, source: 'a test', observedAt: NOW })],
    ['no state', at({ value: 9, source: 'a test', observedAt: NOW })],
    ['a time that is none', at(known(9, { observedAt: Number.NaN }))],
    ['a time as text', at(known(9, { observedAt: '2026' as never }))],
    ['a time beyond all calendars', at(known(9, { observedAt: 8.64e15 + 1 }))],
    ['a time before all calendars', at(known(9, { observedAt: -8.64e15 - 1 }))],
    ['an infinite time', at(known(9, { observedAt: Number.POSITIVE_INFINITY }))],
    ['no source', at({ ...known(9), source: undefined })],
    ['a source that is no text', at({ ...known(9), source: { toString: null } })],
    ['part that is neither true nor false', at(known(9, { partial: 'yes' as never }))],
    ['an unknown one without a reason', at({ state: 'unknown' })],
    [
      'an unknown one with anything as detail',
      at({ state: 'unknown', reason: 'denied', detail: 7n, missingPermission: {} }),
    ],
    [
      'an error that cannot be told',
      {
        ...counting(() => known(9)),
        collect: async () => {
          throw Object.create(null)
        },
      },
    ],
    [
      'an error that is nothing',
      {
        ...counting(() => known(9)),
        collect: () => {
          throw undefined
        },
      },
    ],
  ])('%s', async (_, collector) => {
    const { rows, result } = await run([enough()], [collector], { targets })
    expect(brief(rows)).toEqual(['a enough unknown fact-unknown'])
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
  })

  it('values that cannot be compared are a conflict', async () => {
    const both = [counting(() => known(9n as never), 'one'), counting(() => known(8n as never), 'two')]
    expect(brief((await run([enough()], both, { targets })).rows)).toEqual(['a enough unknown fact-unknown'])
  })
})

describe('a history that is none', () => {
  it.each<[string, Parameters<typeof ticking>[1] | undefined]>([
    ['no traits', undefined],
    ['a time that is none', { observedAt: Number.NaN }],
    ['a time beyond all calendars', { observedAt: 8.64e15 + 1 }],
    ['a beginning beyond all calendars', { from: -8.64e15 - 1 }],
    ['a beginning that is none', { from: '2026' as never }],
    ['a source that is no text', { source: 7 as never }],
    ['an order that is none', { order: 'sorted' as never }],
    ['part that is neither true nor false', { partial: 'yes' as never }],
  ])('%s: its rules are unknown', async (_, traits) => {
    const source = {
      ...ticking([[tick('a', NOW)]], traits),
      id: 'ticking',
      ...(traits === undefined && { describe: (async () => undefined) as never }),
    }
    const { rows, result } = await run([steady()], [source], { targets })
    expect(brief(rows)).toEqual(['a steady unknown fact-unknown'])
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
  })

  it.each<[string, unknown]>([
    ['no pages', undefined],
    [
      'pages that are no lists',
      (async function* () {
        yield 7
      })(),
    ],
    [
      'items beyond all calendars',
      (async function* () {
        yield [tick('a', 8.64e15 + 1)]
      })(),
    ],
    [
      'items that are nothing',
      (async function* () {
        yield [null]
      })(),
    ],
  ])('%s is a breach of contract', async (_, pages) => {
    const source = { ...ticking([]), read: () => pages as never }
    await expect(run([steady()], [source], { targets })).rejects.toMatchObject({ code: 'contract' })
  })
})

describe('targets that are none', () => {
  it.each<[string, unknown]>([
    ['no list', undefined],
    ['nothing', [undefined]],
    ['no kind', [{ id: 'a' }]],
    ['no id', [{ kind: 'asset' }]],
    ['an id that is no text', [{ kind: 'asset', id: 7 }]],
    ['attributes that are none', [{ kind: 'asset', id: 'a', attributes: 'gold' }]],
    ['an attribute that is none', [{ kind: 'asset', id: 'a', attributes: { tier: null } }]],
    ['a name that is none', [{ kind: 'asset', id: 'a', name: 7 }]],
  ])('%s: discovery has failed', async (_, found) => {
    const finder = { ...counting(() => known(9)), discover: async () => found as never }
    const { rows, result } = await run([enough()], [finder])
    expect(brief(rows)).toEqual(['estate enough unknown targets-unknown'])
    expect(result.incomplete).toMatchObject([{ reason: 'discovery', error: { code: 'contract' } }])
  })

  it.each<[string, unknown]>([
    ['no list', 'a'],
    ['nothing', [undefined]],
    ['no id', [{ kind: 'asset' }]],
  ])('%s: refused at once', (_, given) => {
    expect(() => audit({ rules: [enough()], targets: given as never })).toThrow(/`targets/)
  })

  it('may be many', async () => {
    const many = Array.from({ length: 200_000 }, (_, i) => ({ kind: 'other', id: `a${i}` }))
    const { result } = await run([enough()], [{ ...counting(() => known(9)), discover: async () => many }])
    expect(result.targets).toEqual({ other: 200_000 })
  })
})

describe('rules of plain JavaScript end in an error row', () => {
  const odd = (definition: object) =>
    defineRule({
      id: 'odd',
      title: 'Odd',
      description: ['Odd.'],
      rationale: 'Odd.',
      category: 'jobs',
      severity: 'high',
      scope: 'asset',
      since: '0.1.0',
      clauses: [],
      remediation: { action: 'Mend' },
      messages: { fine: { status: 'pass', text: 'fine' }, none: { status: 'not-applicable', text: 'none' } },
      evaluate: () => ({ message: 'fine' }),
      ...definition,
    } as never)()
  const thrown = (what: unknown) => () => {
    throw what
  }
  it.each<[string, object]>([
    ['applies gives nothing', { applies: () => undefined }],
    ['applies gives false', { applies: () => false }],
    [
      'applies gives a promise that fails',
      {
        applies: async () => {
          throw new Error('late')
        },
      },
    ],
    ['throws nothing', { evaluate: thrown(undefined) }],
    ['throws what cannot be told', { evaluate: thrown(Object.create(null)) }],
    ['throws a symbol', { evaluate: thrown(Symbol('x')) }],
    [
      'throws an error whose message cannot be read',
      { evaluate: thrown(Object.defineProperty(new Error('x'), 'message', { get: thrown(new Error('y')) })) },
    ],
    [
      'throws an error whose message is no text',
      { evaluate: thrown(Object.assign(new Error('x'), { message: { a: 1 } })) },
    ],
    [
      'is asynchronous, and fails',
      {
        evaluate: async () => {
          throw new Error('late')
        },
      },
    ],
    [
      'gives one that looks like a promise',
      { evaluate: () => Object.fromEntries([['then', thrown(new Error('no'))]]) },
    ],
    [
      'gives one whose members cannot be read',
      {
        evaluate: () => ({
          get message() {
            throw new Error('no')
          },
        }),
      },
    ],
    ['gives a message from elsewhere', { evaluate: () => ({ message: 'constructor' }) }],
    ['counts omitted evidence in words', { evaluate: () => ({ message: 'fine', evidenceOmitted: 'many' }) }],
    ['counts omitted evidence in bigints', { evaluate: () => ({ message: 'fine', evidenceOmitted: 7n }) }],
    ['samples nothing known', { evaluate: () => ({ message: 'fine', sampled: { taken: 1n, of: Number.NaN } }) }],
    ['samples in words', { evaluate: () => ({ message: 'fine', sampled: 'some' }) }],
    ['gives bigints', { evaluate: () => ({ message: 'fine', data: { a: 7n } }) }],
    ['gives infinity', { evaluate: () => ({ message: 'fine', data: { a: Number.POSITIVE_INFINITY } }) }],
    [
      'recurses for ever',
      {
        evaluate: function again(): unknown {
          return again()
        },
      },
    ],
  ])('%s', async (_, definition) => {
    const { rows, result } = await run([odd(definition), doing(() => ({ message: 'fine' }))], [], { targets })
    expect(rows.map(({ rule, status }) => `${rule} ${status}`)).toEqual(['doing pass', 'odd error'])
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
  })

  it.each<[string, unknown]>([
    ['no needs', { ...doing(() => 1), needs: undefined }],
    ['no name', { ...doing(() => 1), name: 7 }],
    ['no scope', { ...doing(() => 1), meta: {} }],
    ['no evaluate', { ...doing(() => 1), evaluate: undefined }],
    ['no severity', { ...doing(() => 1), severity: 'dire' }],
    ['folds without histories', { ...doing(() => 1), folds: { a: null } }],
    ['no folds', { ...doing(() => 1), folds: null }],
    ['nothing', null],
  ])('with %s they are refused at once', (_, rule) => {
    expect(() => audit({ rules: [rule] as never })).toThrow('`rules[0]` is no rule of specVersion v1')
  })
})

describe('options that cannot be are refused at once', () => {
  const fine = doing(() => ({ message: 'fine' }))
  it.each<[string, Record<string, unknown>, string]>([
    ['collectors', { collectors: {} }, '`collectors` is an object'],
    [
      'collectors without kinds',
      { collectors: [{ ...counting(() => known(9)), kinds: undefined }] },
      '`collectors[0]`',
    ],
    ['a history without describe', { collectors: [{ ...ticking([]), describe: undefined }] }, '`collectors[0]`'],
    ['waivers', { waivers: {} }, '`waivers` is an object'],
    ['policy', { policy: 'policy.yaml' }, '`policy` is "policy.yaml"'],
    ['policy of nothing', { policy: {} }, '`policy`'],
    ['a number in text', { maxAge: '5' }, '`maxAge` is "5"'],
    ['a clock that is a number', { now: 5 }, '`now` is 5; it must be a function that gives a Date'],
    ['a select of one text', { rules: [enough({}, { select: { ids: 'a' as never } })] }, 'The select of enough cannot'],
    [
      'a select of an attribute that is one text',
      { rules: [enough({}, { select: { attributes: { criticality: 'critical' as never } } })] },
      'each of its `attributes` a list of values',
    ],
    ['half a call', { concurrency: 1.5 }, '`concurrency` is 1.5'],
  ])('%s', (_, options, message) => {
    expect(() => audit({ rules: [fine], ...options } as AuditOptions)).toThrow(message)
  })

  it.each([new Date(Number.NaN), NOW, '2026-11-01', undefined])('a clock that shows no time: %s', async (time) => {
    await expect(run([fine], [], { targets, now: () => time as Date })).rejects.toMatchObject({
      code: 'invalid-config',
    })
  })

  it('times without a limit are without one', async () => {
    const slow = counting(() => new Promise((resolve) => setTimeout(() => resolve(known(9)), 20)))
    for (const limit of [Number.POSITIVE_INFINITY, 2 ** 40]) {
      const { rows } = await run([enough()], [slow], {
        targets,
        collectTimeoutMs: limit,
        ruleTimeoutMs: limit,
        maxAge: limit,
      })
      expect(brief(rows)).toEqual(['a enough pass enough'])
    }
    expect(brief((await run([enough()], [slow], { targets, ruleTimeoutMs: 99.5 })).rows)).toEqual([
      'a enough pass enough',
    ])
  })

  it('waivers of any form are told', async () => {
    const { rows } = await run([fine], [], { targets, waivers: [null, 7, { id: 7 }, { id: '__proto__' }] as never })
    expect(rows.filter(({ rule }) => rule === 'waiver-valid').map(({ message }) => message)).toEqual(
      Array(4).fill('waiver-malformed'),
    )
  })
})

const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  ' ',
  '\ud800',
  '\udc80',
  '\u202eabc',
  '\u0000\u001b[31m',
  '\u2028',
  'x'.repeat(100_000),
]

describe('names of any kind', () => {
  it('are targets, attributes, tokens, subjects and members like any other', async () => {
    const all = NAMES.map((id) => asset(id, Object.fromEntries(NAMES.map((name) => [name.slice(0, 50), name]))))
    const told = doing(
      () =>
        NAMES.map((name) => ({
          message: 'bad',
          subject: name,
          data: Object.fromEntries([['why', name], ...NAMES.map((one) => [one, one])]),
          evidence: [{ kind: name, id: name, data: Object.fromEntries([[name, name]]) }],
        })),
      {},
    )
    const collectors: AuditCollector[] = [
      counting(({ id }) => known(id.length)),
      ticking([NAMES.map((id) => tick(id, NOW - DAY, true, id))]),
    ]
    const few = NAMES.filter(({ length }) => length < 100)
    const { rows, result } = await run([enough(), steady(), told], collectors, {
      targets: all.filter(({ id }) => few.includes(id)),
    })
    expect(rows.filter(({ rule }) => rule === 'steady').map(({ status }) => status)).toEqual(few.map(() => 'pass'))
    expect(rows.filter(({ rule }) => rule === 'doing')).toHaveLength(few.length * NAMES.length)
    expect(JSON.parse(canonicalJson(result))).toEqual(result)
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('why')
  })
})
