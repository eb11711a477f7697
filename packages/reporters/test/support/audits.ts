import {
  type AuditOptions,
  type AuditTarget,
  audit,
  defineRule,
  factToken,
  nist80053,
  type Severity,
  type Waiver,
} from '@backproof/core/audit'
import { type AuditDocument, type Kept, keepRun } from '../../src/index.js'

/** What a rule says of an asset. `lost`: nobody gives the fact that it needs. */
export const VERDICTS = ['pass', 'fail', 'waived', 'review', 'not-applicable', 'error', 'lost'] as const
export type Said = (typeof VERDICTS)[number]
/** Assets by id, with what is said of them, and what is quoted in the message and its evidence. */
export type Assets = readonly {
  readonly id: string
  readonly said: Said
  readonly severity: Severity
  readonly quoted: string
}[]

const lock = factToken<string>('store.lock', { description: 'its lock' })

const definition = {
  title: 'What is said of an asset',
  description: ['It says what it is told to say.'],
  rationale: 'To be read back.',
  category: 'jobs',
  severity: 'low',
  scope: 'asset',
  since: '1.0.0',
  clauses: [{ framework: 'nist-800-53', clause: 'CP-9', strength: 'partial' }],
  remediation: { action: 'Mend what is quoted' },
} as const

const told = defineRule({
  ...definition,
  id: 'told-rule',
  messages: {
    good: { status: 'pass', text: '{quoted} is well' },
    bad: { status: 'fail', text: '{quoted} is bad' },
    person: { status: 'review', text: '{quoted} needs somebody' },
    none: { status: 'not-applicable', text: '{quoted} is nothing' },
  },
  evaluate: ({ target }) => {
    const { said = 'pass', severity = 'low', quoted = '' } = (target.attributes ?? {}) as Record<string, string>
    if (said === 'error') throw new Error(`broken by ${quoted}`)
    const message =
      said === 'review'
        ? 'person'
        : said === 'not-applicable'
          ? 'none'
          : said === 'pass' || said === 'lost'
            ? 'good'
            : 'bad'
    return {
      message,
      data: { quoted },
      severity: severity as Severity,
      ...(message === 'bad' && {
        subject: quoted,
        evidence: [{ kind: 'job-run', id: quoted, at: '2026-11-20T01:00:00.000Z', data: { status: quoted } }],
      }),
    }
  },
})

const needy = defineRule({
  ...definition,
  id: 'needy-rule',
  messages: { good: { status: 'pass', text: 'locked' }, skip: { status: 'not-applicable', text: 'not asked' } },
  needs: { lock },
  applies: ({ target }) => (target.attributes?.['said'] === 'lost' ? true : 'skip'),
  evaluate: () => ({ message: 'good' }),
})

/** A real audit of these assets, with all of its rows. */
export const auditOf = (assets: Assets, options: Partial<AuditOptions> = {}): Promise<Kept<AuditDocument>> =>
  keepRun(
    audit({
      rules: [told(), needy()],
      targets: assets.map(
        ({ id, ...attributes }, i): AuditTarget => ({
          kind: 'asset',
          id,
          ...(i % 2 === 0 && { name: `name of ${id}` }),
          attributes,
          declaredAt: { file: `${id}.yaml`, line: i + 1 },
        }),
      ),
      waivers: assets.filter(({ said }) => said === 'waived').map(waiverOf),
      now: () => new Date('2026-11-22T20:00:00Z'),
      ...options,
    }),
  )

const waiverOf = ({ id, quoted }: Assets[number], i: number): Waiver => ({
  id: `w${i}`,
  select: { rule: 'told-rule', target: id },
  reason: `accepted: ${quoted}`,
  approver: quoted,
  ticket: 'T-1',
  expires: '2026-12-01',
})

/** One whose clauses the rules speak to. */
export const FRAMEWORKS = [nist80053]
