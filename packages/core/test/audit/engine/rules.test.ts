import { describe, expect, it } from 'vitest'
import { audit, defineRule, type FactCollector, type Policy } from '../../../src/audit/index.js'
import { BackupError } from '../../../src/errors.js'
import { parsePolicy } from '../../../src/policy/index.js'
import { asset, brief, counting, doing, enough, known, NOW, run } from './parts.js'

const targets = [asset('a'), asset('b')]
const fine = doing(() => ({ message: 'fine' }), { id: 'fine' })

describe('a rule that goes wrong is an error, and the others go on', () => {
  it.each<readonly [string, () => unknown, string, string]>([
    [
      'throws',
      () => {
        throw new Error('token=abc is gone')
      },
      'rule-threw',
      'the rule failed: token=[redacted] is gone',
    ],
    ['gives nothing', () => undefined, 'no-verdict', 'the rule gave no verdict'],
    ['gives an empty list', () => [], 'no-verdict', 'the rule gave no verdict'],
    [
      'gives a promise',
      () => Promise.reject(new Error('late')),
      'wrong-verdict',
      'the rule gave a verdict that cannot be: a promise; rules are synchronous',
    ],
    [
      'gives a message of its own',
      () => ({ message: 'great' }),
      'wrong-verdict',
      'the rule gave a verdict that cannot be: the message "great", which the rule does not have',
    ],
    [
      'gives a message of Object',
      () => ({ message: 'toString' }),
      'wrong-verdict',
      'the rule gave a verdict that cannot be: the message "toString", which the rule does not have',
    ],
    [
      'says one thing twice',
      () => [{ message: 'fine' }, { message: 'fine' }],
      'wrong-verdict',
      'the rule gave a verdict that cannot be: two verdicts fine without different subjects',
    ],
    [
      'leaves a placeholder open',
      () => ({ message: 'bad', data: {} }),
      'wrong-verdict',
      'the rule gave a verdict that cannot be: the message bad without its value {why}',
    ],
    [
      'gives data that is no JSON',
      () => ({ message: 'fine', data: { at: new Date(0) } }),
      'wrong-verdict',
      'the rule gave a verdict that cannot be: data other than texts, finite numbers, true, false and null',
    ],
    [
      'gives what is no number',
      () => ({ message: 'fine', data: { rate: Number.NaN } }),
      'wrong-verdict',
      'the rule gave a verdict that cannot be: data other than texts, finite numbers, true, false and null',
    ],
  ])('one that %s', async (_, evaluate, message, text) => {
    const { rows, result } = await run([doing(evaluate), fine], [], { targets })
    expect(brief(rows)).toEqual(targets.flatMap(({ id }) => [`${id} doing error ${message}`, `${id} fine pass fine`]))
    expect(rows[0]?.text).toBe(text)
    expect(result.score).toBe(0.5)
  })

  it('one that never ends: it is stopped, once for the whole run', async () => {
    let calls = 0
    const endless = doing(() => {
      calls += 1
      for (;;);
    })
    const { rows } = await run([endless, fine], [], { targets, ruleTimeoutMs: 50 })
    expect(brief(rows)).toEqual([
      'a doing error rule-overran',
      'a fine pass fine',
      'b doing error rule-overran',
      'b fine pass fine',
    ])
    expect(calls).toBe(1)
  })
})

describe('verdicts', () => {
  it('may be several, told apart by their subject', async () => {
    const rule = doing(() => [
      { message: 'fine', subject: 'weekly' },
      { message: 'fine', subject: 'nightly' },
      { message: 'ask' },
    ])
    const { rows, result } = await run([rule], [], { targets: [asset('a')] })
    expect(rows.map(({ subject, status }) => [subject, status])).toEqual([
      [undefined, 'review'],
      ['nightly', 'pass'],
      ['weekly', 'pass'],
    ])
    expect(new Set(rows.map(({ fingerprint }) => fingerprint)).size).toBe(3)
    expect(result.totals.statuses).toMatchObject({ pass: 2, review: 1 })
    expect(result.score).toBeCloseTo(2 / 3)
  })

  it('may raise the severity of a failing row, never lower it', async () => {
    for (const [given, expected] of [
      ['critical', 'critical'],
      ['low', 'medium'],
    ]) {
      const rule = doing(() => ({ message: 'bad', data: { why: 'rot' }, severity: given }))
      const { rows } = await run([{ ...rule, severity: 'medium' }], [], { targets: [asset('a')] })
      expect(rows[0]?.severity).toBe(expected)
    }
  })

  it('keep twenty pieces of evidence and count the rest', async () => {
    const evidence = Array.from({ length: 30 }, (_, i) => ({ kind: 'thing', id: `t${i}` }))
    const rule = doing(() => ({ message: 'bad', data: { why: 'rot' }, evidence, evidenceOmitted: 5 }))
    const { rows } = await run([rule], [], { targets: [asset('a')] })
    expect(rows[0]?.evidence).toHaveLength(20)
    expect(rows[0]?.evidenceOmitted).toBe(15)
  })

  it('let no secret through', async () => {
    const secret = 'https://x.blob.core.windows.net/c?sig=SECRET'
    const rule = doing(() => ({
      message: 'bad',
      subject: secret,
      data: { why: secret },
      evidence: [{ kind: 'thing', id: secret, data: { uri: secret } }],
    }))
    const { rows, report } = await run([rule], [], { targets: [asset('a')] })
    expect(JSON.stringify([rows, report])).not.toContain('SECRET')
    expect(rows[0]?.text).toContain('[redacted]')
  })
})

describe('targets', () => {
  it('of which there are none make a rule not applicable, with the reason, and nothing is proven', async () => {
    const { rows, result } = await run([fine], [], { targets: [] })
    expect(brief(rows)).toEqual(['estate fine not-applicable no-targets'])
    expect(result.score).toBeNull()
  })

  it('that could not be looked for make it unknown, and the run incomplete', async () => {
    const blind: FactCollector = {
      ...counting(() => known(9), 'blind'),
      discover: () => Promise.reject(new BackupError({ code: 'access-denied', message: 'ListBuckets was denied' })),
    }
    const { rows, result } = await run([fine], [blind])
    expect(brief(rows)).toEqual(['estate fine unknown targets-unknown'])
    expect(rows[0]?.text).toContain('blind: ListBuckets was denied')
    expect(result).toMatchObject({ complete: false, incomplete: [{ reason: 'discovery', collector: 'blind' }] })
  })

  it('are those of the policy and of collectors, each once', async () => {
    const finding: FactCollector = {
      ...counting(() => known(9)),
      discover: async () => [asset('b', { criticality: 'low', region: 'x' }), asset('c')],
    }
    const policy = {
      schema: 'backproof.policy/v1',
      assets: [{ id: 'b', criticality: 'critical', plans: [], copies: [] }],
    }
    const empty = { plans: [], stores: [], retention: [], contacts: [], escalation: [], alerts: [], trainings: [] }
    const others = { reviews: [], attestations: [], correctiveActions: [], waivers: [] }
    const rule = enough(undefined, { select: { attributes: { criticality: ['critical'] } } })
    const { rows, result } = await run([rule], [finding], { policy: { ...policy, ...empty, ...others } as never })
    expect(brief(rows)).toEqual(['b enough pass enough', 'c enough unknown attribute-missing'])
    expect(result.targets).toEqual({ asset: 2 })
  })

  it('given twice are refused', async () => {
    await expect(run([fine], [], { targets: [asset('a'), asset('a')] })).rejects.toThrow(
      'Two targets are the asset "a"',
    )
  })

  it('are selected by id and attribute; none selected is not applicable', async () => {
    const some = [asset('db-1', { tier: 'gold' }), asset('db-2', { tier: 'tin' }), asset('web', { tier: 'gold' })]
    const select = { ids: ['db-*'], attributes: { tier: ['gold'] } }
    const { rows } = await run([enough({}, { select })], [counting(() => known(9))], { targets: some })
    expect(brief(rows)).toEqual(['db-1 enough pass enough'])
    const none = await run([enough({}, { select: { ids: ['*x'] } })], [], { targets: some })
    expect(brief(none.rows)).toEqual(['estate enough not-applicable none-selected'])
  })

  it('without an attribute that `applies` asks for are unknown', async () => {
    const rule = defineRule({
      ...enough.meta,
      id: 'gold-only',
      options: {},
      messages: { fine: { status: 'pass', text: 'fine' }, tin: { status: 'not-applicable', text: 'only gold counts' } },
      applies: ({ attribute }) => attribute('tier') === 'gold' || 'tin',
      evaluate: () => ({ message: 'fine' }),
    })()
    const some = [asset('a', { tier: 'gold' }), asset('b', { tier: 'tin' }), asset('c')]
    const { rows } = await run([rule], [], { targets: some })
    expect(brief(rows)).toEqual([
      'a gold-only pass fine',
      'b gold-only not-applicable tin',
      'c gold-only unknown attribute-missing',
    ])
  })
})

describe('wrong options throw at once', () => {
  it.each([
    ['no rules', { rules: [] }, '`rules` is empty'],
    ['a factory', { rules: [enough] }, '`rules[0]` is a factory of rules. Call it'],
    ['two of one name', { rules: [enough(), enough({ min: 1 })] }, 'Two rules have the name enough'],
    ['the name of waivers', { rules: [enough({}, { as: 'waiver-valid' })] }, 'The name waiver-valid is taken'],
    ['a collector that is none', { rules: [fine], collectors: [{}] }, '`collectors[0]` is no collector'],
    ['a typing error', { rules: [fine], colectors: [] }, 'audit has no option "colectors"'],
    ['a wrong number', { rules: [fine], maxAge: -1 }, '`maxAge` is -1'],
  ])('%s', (_, options, message) => {
    expect(() => audit(options as never)).toThrow(message)
  })

  it('of a rule too', () => {
    expect(() => enough({ min: -1 })).toThrow(
      'enough: the option min is -1; it must be a whole number of things from 0',
    )
    expect(() => enough({ mim: 1 } as never)).toThrow('enough has no option "mim"; it knows min')
    expect(() => enough({}, { as: 'No Good' })).toThrow('`as` is "No Good"; it must be kebab-case')
    expect(() => enough({}, { severity: 'dire' as never })).toThrow('the severity is "dire"')
  })
})

describe('a run', () => {
  it('can be left early, and its report says so', async () => {
    const many = Array.from({ length: 500 }, (_, i) => asset(`a${i}`))
    const started = audit({ rules: [fine], targets: many, now: () => new Date(NOW) })
    for await (const _ of started) break
    const { result } = await started.report()
    expect(result).toMatchObject({ complete: false, incomplete: [{ reason: 'left-early' }] })
  })

  it('has one hash of options, wherever the policy stands in its file', async () => {
    const policy = (line: number, name = 'Shop') =>
      parsePolicy(`${'\n'.repeat(line)}schema: backproof.policy/v1\nassets: [{ id: shop, name: ${name} }]\n`).policy
    const hash = async (given: Policy) => (await audit({ rules: [fine], policy: given }).report()).result.optionsHash
    expect(policy(0).declared).not.toEqual(policy(3).declared)
    expect(await hash(policy(3))).toBe(await hash(policy(0)))
    expect(await hash(policy(0, 'Store'))).not.toBe(await hash(policy(0)))
  })

  it('keeps the first rows that are not fine, and counts the others', async () => {
    const many = Array.from({ length: 30 }, (_, i) => asset(`a${String(i).padStart(2, '0')}`))
    const rule = doing(() => ({ message: 'bad', data: { why: 'rot' } }))
    const { result, rows } = await run([rule, fine], [], { targets: many, findingsLimit: 7 })
    expect(rows).toHaveLength(60)
    expect(result.findings.map(({ target }) => target.id)).toEqual(many.slice(0, 7).map(({ id }) => id))
    expect(result.findingsOmitted).toBe(23)
    expect(result.rules.map(({ rule: name, findings }) => [name, findings])).toEqual([
      ['doing', 30],
      ['fine', 30],
    ])
    expect(result.failing).toMatchObject({ high: 30 })
  })

  it('tells its progress', async () => {
    const seen: unknown[] = []
    await run([fine], [], { targets, onProgress: ({ objects, totalObjects }) => seen.push([objects, totalObjects]) })
    expect(seen.at(-1)).toEqual([2, 2])
  })
})
