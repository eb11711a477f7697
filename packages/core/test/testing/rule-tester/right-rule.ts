import {
  type AuditRule,
  defineRule,
  durationOption,
  type Evidence,
  type FactToken,
  factToken,
  type HistoryToken,
  numberOption,
  type OptionDescriptors,
  type RuleFactory,
  type Verdict,
} from '@backproof/core/audit'
import { RULE_NOW, type RuleCase, type RuleTest } from '@backproof/core/testing'

/** A tape that was put into the safe. */
export interface Tape {
  readonly site: string
  readonly at: number
  readonly label: string
  readonly damaged?: boolean | undefined
}

const tapes: HistoryToken<Tape> = {
  name: 'tape.rotations',
  description: 'tapes that were put into the safe',
  target: 'site',
  targetOf: ({ site }) => site,
  timeOf: ({ at }) => at,
  idOf: ({ label }) => label,
}

const safe: FactToken<{ readonly locked: boolean; readonly keys: readonly string[] }> = factToken('site.safe', {
  description: 'the safe of the site',
})

const HOUR = 3_600_000
const iso = (time: number): string => new Date(time).toISOString()

const options = {
  minTapes: numberOption({
    default: 2,
    min: 1,
    unit: 'tapes',
    stricter: 'higher',
    source: 'own choice',
    description: 'Tapes that have to be in the safe.',
  }),
  maxAge: durationOption({
    default: 48 * HOUR,
    min: HOUR,
    step: HOUR,
    stricter: 'lower',
    source: 'own choice',
    description: 'How old the newest tape may be.',
  }),
} satisfies OptionDescriptors

/** What `evaluate` of the rule is given, with types that a wrong one may lie about. */
export interface SafeInput {
  readonly now: number
  readonly options: { readonly minTapes: number; readonly maxAge: number }
  readonly facts: {
    readonly safe: {
      readonly state: 'known' | 'absent'
      readonly value?: { locked: boolean; keys: string[] }
      readonly partial?: boolean
    }
  }
  readonly folds: {
    readonly tapes: {
      readonly value: { readonly count: number; readonly last: Tape | undefined }
      readonly items: number
      readonly partial?: boolean
    }
  }
}

export const judge = ({ now, facts, folds, options: { minTapes, maxAge } }: SafeInput): Verdict => {
  const { count, last } = folds.tapes.value
  if (facts.safe.state === 'absent') return { message: 'no-safe' }
  if (last === undefined) return { message: 'no-tapes' }
  const evidence: readonly Evidence[] = [{ kind: 'tape', id: last.label, at: iso(last.at) }]
  if (facts.safe.value?.locked !== true) return { message: 'open', evidence }
  if (count < minTapes) return { message: 'few', data: { count, minTapes }, evidence }
  if (now - last.at > maxAge) return { message: 'old', data: { newest: iso(last.at) }, evidence }
  return { message: 'kept', data: { count } }
}

/** A definition of which a wrong rule changes something. */
export const definition = {
  id: 'acme/safe',
  title: 'Tapes are in the safe',
  description: ['The safe is locked, and new tapes are in it.'],
  rationale: 'Tapes on a desk burn.',
  category: 'copies',
  severity: 'high' as const,
  scope: 'site',
  since: '1.0.0',
  clauses: [{ framework: 'nist-800-53', clause: 'CP-9', strength: 'supporting' as const }],
  remediation: { action: 'Put the newest tapes into the safe and lock it' },
  messages: {
    kept: { status: 'pass' as const, text: '{count} tapes are in the safe' },
    few: { status: 'fail' as const, text: '{count} tapes are in the safe, {minTapes} are required' },
    old: { status: 'fail' as const, text: 'the newest tape is of {newest}' },
    open: { status: 'fail' as const, text: 'the safe is open' },
    'no-safe': { status: 'not-applicable' as const, text: 'the site has no safe' },
    'no-tapes': { status: 'unknown' as const, text: 'nobody wrote down a tape' },
  },
  options,
  needs: { safe },
  folds: (fold: Parameters<NonNullable<Parameters<typeof defineRule>[0]['folds']>>[0]) => ({
    tapes: fold(tapes, {
      init: () => ({ count: 0, last: undefined as Tape | undefined }),
      step: (state, tape) => ({ count: state.count + 1, last: tape }),
    }),
  }),
  evaluate: judge as (input: never) => Verdict | readonly Verdict[],
}

export type SafeDefinition = typeof definition

/** The rule, with parts changed. */
export const safeRule = (parts: { readonly [K in keyof SafeDefinition]?: unknown } = {}): RuleFactory =>
  defineRule({ ...definition, ...parts } as unknown as Parameters<typeof defineRule>[0]) as unknown as RuleFactory

/** The rule, with what the factory gives changed. */
export const afterwards = (change: (rule: AuditRule) => AuditRule): RuleFactory => {
  const factory = safeRule()
  const changed = (...given: Parameters<RuleFactory>): AuditRule => change(factory(...given))
  return Object.assign(changed, { meta: factory.meta })
}

const tape = (label: string, hoursAgo: number): Tape => ({ site: 'cellar', at: RULE_NOW - hoursAgo * HOUR, label })
const locked = { locked: true, keys: ['b', 'a'] }
const target = { id: 'cellar' }
export const two: readonly Tape[] = [tape('A1', 30), tape('B1', 20)]
const asked = { target, facts: { safe: locked }, histories: { tapes: two } }

export const cases: readonly RuleCase[] = [
  { name: 'Two tapes are in the safe', ...asked, expect: { message: 'kept', data: { count: 2 } } },
  {
    name: 'One tape is in the safe',
    ...asked,
    histories: { tapes: [tape('A1', 30)] },
    expect: { message: 'few', data: { count: 1, minTapes: 2 }, evidence: ['A1'] },
  },
  {
    name: 'The newest tape is three days old',
    ...asked,
    histories: { tapes: [tape('A1', 80), tape('B1', 72)] },
    expect: { message: 'old', evidence: ['B1'] },
  },
  { name: 'The safe is open', ...asked, facts: { safe: { ...locked, locked: false } }, expect: { message: 'open' } },
  {
    name: 'There is no safe',
    ...asked,
    facts: { safe: { state: 'absent', source: 'inspection', observedAt: RULE_NOW } },
    expect: { message: 'no-safe' },
  },
  { name: 'Nobody wrote down a tape', ...asked, histories: { tapes: [] }, expect: { message: 'no-tapes' } },
]

export const boundaries = {
  minTapes: { question: asked, limit: 2, at: 'kept', stricter: 'few', laxer: 'kept' },
  maxAge: { question: asked, limit: 20 * HOUR, at: 'kept', stricter: 'old', laxer: 'kept' },
} as const

/** The test of the right rule, with parts changed. */
export const testOf = (parts: Partial<RuleTest> = {}): RuleTest => ({
  rule: safeRule(),
  cases,
  absent: { safe: { message: 'no-safe' } },
  boundaries,
  ...parts,
})
