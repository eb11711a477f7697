import {
  type AuditCollector,
  type AuditFinding,
  type AuditOptions,
  type AuditReport,
  type AuditRule,
  type AuditTarget,
  audit,
  collected,
  defineRule,
  type Fact,
  type FactCollector,
  type FactToken,
  factToken,
  type HistorySource,
  type HistoryToken,
  numberOption,
} from '../../../src/audit/index.js'

export const NOW: number = Date.UTC(2026, 10, 1, 12)
export const DAY = 86_400_000

/** How many of something; the rules below judge it. */
export const count: FactToken<number> = factToken('test.count', { description: 'how many' })

export interface Tick {
  readonly asset: string
  readonly at: number
  readonly id: string
  readonly ok: boolean
}
export const ticks: HistoryToken<Tick> = {
  name: 'test.ticks',
  description: 'ticks',
  target: 'asset',
  targetOf: ({ asset }) => asset,
  timeOf: ({ at }) => at,
  idOf: ({ id }) => id,
}

const common = {
  description: ['For tests.'],
  rationale: 'For tests.',
  category: 'jobs',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: [],
  remediation: { action: 'Count again' },
} as const

/** Passes from a count of `min`; not applicable where there is none. */
export const enough = defineRule({
  ...common,
  id: 'enough',
  title: 'There are enough',
  messages: {
    enough: { status: 'pass', text: '{count} are enough' },
    'too-few': { status: 'fail', text: 'only {count}' },
    none: { status: 'not-applicable', text: 'nothing is counted' },
  },
  options: {
    min: numberOption({
      default: 3,
      unit: 'things',
      stricter: 'higher',
      source: 'tests',
      description: 'Lowest count.',
    }),
  },
  needs: { count },
  evaluate: ({ facts, options }) => {
    if (facts.count.state === 'absent') return { message: 'none' }
    const data = { count: facts.count.value }
    return facts.count.value >= options.min
      ? { message: 'enough', data }
      : { message: 'too-few', data, evidence: [{ kind: 'count', data }] }
  },
})

/** Passes where every tick is fine; order matters to it, so that a wrong one shows. */
export const steady = defineRule({
  ...common,
  id: 'steady',
  title: 'Every tick is fine',
  messages: {
    steady: { status: 'pass', text: '{ticks} ticks, last {last}' },
    unsteady: { status: 'fail', text: '{ticks} ticks, {bad} of them bad, last {last}' },
    silent: { status: 'unknown', text: 'no ticks' },
  },
  folds: (fold) => ({
    ticks: fold(ticks, {
      init: () => ({ order: '', bad: 0, last: '' }),
      step: (state, { id, ok }) => ({ order: `${state.order}${id};`, bad: state.bad + (ok ? 0 : 1), last: id }),
    }),
  }),
  evaluate: ({ folds: { ticks: seen } }) => {
    const { bad, last, order } = seen.value
    const data = { ticks: seen.items, bad, last, order }
    if (seen.items === 0) return { message: 'silent' }
    return bad === 0
      ? { message: 'steady', data }
      : { message: 'unsteady', data, evidence: [{ kind: 'tick', id: last }] }
  },
})

/** A rule that does what it is told to. */
export const doing = (
  evaluate: () => unknown,
  { id = 'doing', scope = 'asset' }: { readonly id?: string; readonly scope?: string } = {},
): AuditRule =>
  defineRule({
    ...common,
    id,
    scope,
    title: 'Does what a test wants',
    messages: {
      fine: { status: 'pass', text: 'fine' },
      bad: { status: 'fail', text: 'bad because of {why}' },
      ask: { status: 'review', text: 'somebody has to look' },
    },
    evaluate: evaluate as never,
  })()

export const asset = (id: string, attributes?: AuditTarget['attributes']): AuditTarget => ({
  kind: 'asset',
  id,
  ...(attributes !== undefined && { attributes }),
})

export const known = <T>(
  value: T,
  more: { readonly observedAt?: number; readonly partial?: boolean } = {},
): Fact<T> => ({
  state: 'known',
  value,
  source: 'a test',
  observedAt: NOW,
  ...more,
})

/** A collector that answers `test.count` by asset. */
export const counting = (
  answer: (target: AuditTarget) => Fact<number> | undefined | Promise<Fact<number> | undefined>,
  id = 'counting',
): FactCollector => ({
  specVersion: 'v1',
  id,
  provides: [count],
  kinds: ['asset'],
  collect: async ({ target }) => {
    const fact = await answer(target)
    return fact === undefined ? [] : [collected(count, fact)]
  },
})

/** A history in pages, as its traits promise. */
export const ticking = (
  pages: readonly (readonly Tick[])[],
  traits: Partial<Awaited<ReturnType<HistorySource<Tick>['describe']>>> = {},
): HistorySource<Tick> => ({
  specVersion: 'v1',
  id: traits.source ?? 'ticking',
  history: ticks,
  describe: async () => ({ order: 'none', source: 'ticking', observedAt: NOW, ...traits }),
  read: async function* () {
    yield* pages
  },
})

export const tick = (assetId: string, at: number, ok = true, id = `${assetId}${at}`): Tick => ({
  asset: assetId,
  at,
  id,
  ok,
})

export interface Outcome {
  readonly rows: readonly AuditFinding[]
  readonly report: AuditReport
  readonly result: AuditReport['result']
}

/** Runs an audit under the clock of tests. */
export const run = async (
  rules: readonly AuditRule[],
  collectors: readonly AuditCollector[] = [],
  more: Partial<AuditOptions> = {},
): Promise<Outcome> => {
  const started = audit({ rules, collectors, now: () => new Date(NOW), ...more })
  const rows: AuditFinding[] = []
  for await (const page of started) rows.push(...page)
  const report = await started.report()
  return { rows, report, result: report.result }
}

/** `asset rule status message` of each row. */
export const brief = (rows: readonly AuditFinding[]): readonly string[] =>
  rows.map(({ target, rule, status, message }) => `${target.id} ${rule} ${status} ${message}`)
