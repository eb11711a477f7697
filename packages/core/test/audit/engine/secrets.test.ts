import { describe, expect, it } from 'vitest'
import { type AuditOptions, defineRule, type Policy, textsOption } from '../../../src/audit/index.js'
import { BackupError } from '../../../src/errors.js'
import { jobLines } from '../../../src/history/index.js'
import { policyProblems } from '../../../src/policy/index.js'
import { asset, counting, doing, enough, known, NOW, run, steady, tick, ticking } from './parts.js'

const SECRETS: readonly (readonly [string, string])[] = [
  ['a password in a URI', 'sftp://backup:hunter2@host/dir'],
  ['a SAS token', 'https://acc.blob.core.windows.net/c?sv=2024&sig=abc%2Bdef%3D'],
  ['a signed URL', 'https://b.s3.amazonaws.com/k?X-Amz-Signature=deadbeef0123'],
  ['an access key id', 'key AKIAIOSFODNN7EXAMPLE'],
  ['a connection string', 'AccountName=a;AccountKey=c2VjcmV0LWtleQ==;x=1'],
  ['a header', 'authorization: Bearer ya29.a0AfH6SMBx'],
]
const LEAKS = /hunter2|abc%2Bdef|deadbeef0123|AKIAIOSFODNN7|c2VjcmV0|ya29/

describe.each(SECRETS)('%s', (_, secret) => {
  const policy: Policy = {
    schema: 'backproof.policy/v1',
    name: secret,
    assets: [],
    plans: [],
    stores: [],
  } as never
  const places: Record<string, Partial<AuditOptions>> = {
    'the id of a target': { targets: [asset(secret)] },
    'the name of a target': { targets: [{ ...asset('a'), name: secret }] },
    'where a target is declared': { targets: [{ ...asset('a'), declaredAt: { file: secret, line: 1 } }] },
    'the source of a fact': { collectors: [counting(() => ({ ...known(1), source: secret }) as never)] },
    'the source of a stale fact': {
      collectors: [counting(() => ({ ...known(1, { observedAt: 0 }), source: secret }) as never)],
    },
    'sources that contradict each other': {
      collectors: [counting(() => ({ ...known(1), source: secret }) as never, 'x'), counting(() => known(2))],
    },
    'why a fact is unknown': {
      collectors: [counting(() => ({ state: 'unknown', reason: secret, detail: secret, missingPermission: secret }))],
    },
    'an error of a collector': {
      collectors: [
        counting(() => {
          throw new Error(secret)
        }, secret),
      ],
    },
    'an error of another copy': {
      collectors: [
        counting(() => {
          throw Object.assign(
            Object.defineProperty(new Error(secret), Symbol.for('backproof.error'), { value: true }),
            {
              code: 'access-denied',
            },
          )
        }),
      ],
    },
    'an error of discovery': {
      collectors: [
        {
          ...counting(() => known(1), secret),
          discover: () =>
            Promise.reject(
              new BackupError({ code: 'unavailable', retryable: false, message: secret, subject: secret }),
            ),
        },
      ],
      targets: undefined,
    },
    'the name of a history': { collectors: [ticking([[tick('a', NOW, false)]], { source: secret })] },
    'the end of a history': { collectors: [ticking([], { source: secret, observedAt: 0 })] },
    'an item': { collectors: [ticking([[tick('a', NOW, false, secret)]])] },
    'a waiver': {
      collectors: [counting(() => known(1))],
      waivers: [
        {
          id: secret,
          select: { rule: 'enough' },
          reason: secret,
          approver: secret,
          ticket: secret,
          compensatingControl: secret,
          expires: '2026-11-20',
        },
      ],
    },
    'a malformed waiver': {
      waivers: [
        { id: secret, select: { [secret]: secret }, reason: secret, approver: secret, expires: secret },
      ] as never,
    },
    'a waiver of another rule': {
      waivers: [{ id: secret, select: { rule: secret }, reason: secret, approver: secret, expires: '2026-11-20' }],
    },
    'the name of a policy': { policy },
    'a rule that throws': {
      rules: [
        doing(() => {
          throw new Error(secret)
        }),
      ],
    },
    'a verdict': {
      rules: [
        doing(() => ({
          message: 'bad',
          subject: secret,
          data: { why: secret },
          evidence: [{ kind: 'error', id: secret, data: { why: secret } }],
        })),
      ],
    },
    'a wrong verdict': { rules: [doing(() => ({ message: secret }))] },
    'an option of a rule': { rules: [told({ channel: [secret] })] },
  }
  it.each(Object.keys(places))('never leaves through %s', async (place) => {
    const more = places[place]!
    const options = { targets: 'targets' in more ? more.targets : [asset('a')], ...more }
    const { rows, report } = await run(more.rules ?? [enough(), steady()], more.collectors ?? [], options)
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify([rows, report])).not.toMatch(LEAKS)
  })
})

const told = defineRule({
  id: 'told',
  title: 'Told',
  description: ['Told.'],
  rationale: 'Told.',
  category: 'jobs',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: [],
  remediation: { action: 'Tell' },
  messages: { fine: { status: 'pass', text: 'fine' } },
  options: { channel: textsOption({ default: [], source: 'tests', description: 'Where.' }) },
  evaluate: () => ({ message: 'fine' }),
})

describe('messages that show the start of a text', () => {
  // The @ that makes it one stands where nothing is shown any more.
  const long = `sftp://backup:hunter2${'x'.repeat(200)}@host/dir`
  it.each<[string, readonly string[]]>([
    ['a line that is no JSON', [`{"error": "${long}`]],
    ['a line that begins with it', [long]],
    ['a member', [JSON.stringify({ [long]: 1 })]],
    ['a value', [JSON.stringify({ asset: 'a', start: long })]],
    ['a header', [JSON.stringify({ schema: long })]],
    ['another history', [JSON.stringify({ schema: 'backproof.history/v1', history: long })]],
  ])('of %s in a history have no half of a secret', async (_, lines) => {
    const source = jobLines({ lines: () => lines })
    const context = { signal: new AbortController().signal, now: NOW }
    const read = async (): Promise<void> => {
      await source.describe(context)
      for await (const _page of source.read(context));
    }
    const error = (await read().catch((reason: unknown) => reason)) as Error
    expect(error.message).toMatch(/^lines, line 1: /)
    expect(error.message).not.toMatch(LEAKS)
  })

  it('have none in a policy', () => {
    const text = JSON.stringify({
      schema: long,
      [long]: 1,
      assets: [{ id: ` ${long}`, rpo: long, criticality: long, plans: [long], [long]: long }],
      waivers: [{ id: 'w', expires: long, select: { rule: long }, reason: 'r', approver: long }],
      rules: { [long]: long },
    })
    const problems = policyProblems(text, { rules: [] })
    expect(problems.length).toBeGreaterThan(0)
    expect(JSON.stringify(problems)).not.toMatch(LEAKS)
    expect(JSON.stringify(policyProblems(`schema: [${long}`))).not.toMatch(LEAKS)
  })
})
