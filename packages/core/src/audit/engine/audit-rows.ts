import pLimit from 'p-limit'
import { orderedParallel } from '../../run/ordered-parallel.js'
import type { ProgressTracker } from '../../run/progress.js'
import { retryPolicy } from '../../run/retry.js'
import { compareKeys } from '../../source/key.js'
import type { AuditCollector, FactCollector } from '../collector.js'
import type { FactToken } from '../fact.js'
import type { AuditFinding } from '../finding.js'
import type { HistoryToken } from '../history.js'
import type { AuditOptions } from '../options.js'
import { policyCollector } from '../policy-collector.js'
import type { AuditIncompleteness, Measured } from '../result.js'
import type { AuditRule } from '../rule.js'
import { type AuditTarget, ESTATE } from '../target.js'
import { collectFacts, type DeskOptions, type FactSheet } from './facts.js'
import { foldChunk } from './fold-chunk.js'
import { type HistoryWalk, openHistory } from './history-walk.js'
import { asRule, measuredBy } from './measuring.js'
import { engineRow, rowsOf } from './rows.js'
import { createRuleRunner } from './rule-runner.js'
import { beginWork, evaluateWork, planWork, type SheetedWork, type WorkContext } from './rule-work.js'
import { AttributeMissing, isSelected } from './select.js'
import { findTargets } from './targets.js'
import { isHistorySource } from './validate.js'

/** What a run tells beside its rows. */
export interface AuditMeter {
  readonly targets: Map<string, number>
  readonly failed: AuditIncompleteness[]
  readonly walks: HistoryWalk[]
  readonly collected: Map<string, number>
  retries: number
  measured: Readonly<Record<string, Measured>>
  sortedItems: number
  spilledItems: number
}

const DAY = 86_400_000
/** Targets that are worked on together: code of rules is called for all of them in one go. */
const CHUNK = 32
/** The rows of an audit, without those about waivers, by kind of target, then id, then rule; the estate comes last. */
export async function* auditRows(
  options: AuditOptions,
  { now, meter, progress, signal }: { now: number; meter: AuditMeter; progress: ProgressTracker; signal: AbortSignal },
): AsyncGenerator<readonly AuditFinding[]> {
  const { maxAge = DAY, collectTimeoutMs = 60_000, ruleTimeoutMs = 10_000, concurrency = 16 } = options
  const rules = [...options.rules].sort((a, b) => compareKeys(a.name, b.name))
  const call = {
    signal,
    timeoutMs: collectTimeoutMs,
    retry: retryPolicy(options.retry),
    onRetry: () => {
      meter.retries += 1
    },
  }
  const own = ownCollector(options)
  const collectors = [...(options.collectors ?? []).filter(isFactCollector), own]
  const desk: DeskOptions = {
    ...call,
    collectors,
    own,
    now,
    maxAge,
    limit: pLimit(concurrency),
    onCall: (id) => meter.collected.set(id, (meter.collected.get(id) ?? 0) + 1),
  }
  const { targets, failed } = await findTargets(options.targets, options.policy, collectors, { ...call, now })
  meter.failed.push(...failed)
  progress.total(targets.length, 0)
  const sources = (options.collectors ?? []).filter(isHistorySource)
  const measures = (options.measures ?? []).map(asRule)
  const asking = [...rules, ...measures]
  const opened = usedHistories(asking).map((history) =>
    openHistory(
      history,
      sources.filter((source) => source.history.name === history.name),
      {
        ...call,
        now,
        maxAge,
        tempDirectory: options.tempDirectory,
        onSorted: (items) => (meter.sortedItems += items),
        onSpill: (items) => (meter.spilledItems += items),
      },
    ),
  )
  meter.walks.push(...(await Promise.all(opened)))
  const walks = new Map(meter.walks.map((walk) => [walk.history.name, walk]))
  const context: WorkContext = { now, runner: createRuleRunner(ruleTimeoutMs), walks }
  const estateRules = rules.filter(({ meta }) => meta.scope === ESTATE.kind)
  const ofEstate = tokensOf(asking).filter(({ of }) => of === 'estate')
  try {
    const shared = await collectFacts(ESTATE, unique([...ofEstate, ...tokensOf([...estateRules, ...measures])]), desk)
    const estateWorks = planWork(estateRules, ESTATE, context)
    const measuring = planWork(measures, ESTATE, context)
    const all = [...estateWorks, ...measuring]
    beginWork(all, context)
    const asked = new Set<AuditRule>()
    for (const kind of kindsOf(targets, meter.walks)) {
      const ofKind = targets.filter((target) => target.kind === kind)
      meter.targets.set(kind, ofKind.length)
      const kindRules = rules.filter(({ meta }) => meta.scope === kind)
      const tokens = tokensOf(kindRules).filter(({ of }) => of === 'target')
      const sheets = orderedParallel(each(ofKind), concurrency, async (target) => ({
        target,
        sheet: await collectFacts(target, tokens, desk),
      }))
      const feeding = meter.walks.filter(({ history }) => history.target === kind)
      for await (const chunk of chunks(sheets)) {
        const rows: AuditFinding[] = []
        const begun = chunk.map(({ target, sheet }) => {
          const { chosen, unsure } = choose(kindRules, target)
          for (const rule of chosen) asked.add(rule)
          for (const { rule, attribute } of unsure) {
            asked.add(rule)
            rows.push(engineRow(rule, target)('unknown', 'attribute-missing', { attribute }))
          }
          return { target, works: planWork(chosen, target, context), sheet: joined(sheet, shared) }
        })
        beginWork(
          begun.flatMap(({ works }) => works),
          context,
        )
        await foldChunk(begun, feeding, all, context)
        const sheeted = begun.flatMap(({ works, sheet }) => works.map((work) => ({ work, sheet })))
        evaluateWork(sheeted, context)
        for (const { works, sheet } of begun) rows.push(...rowsOf(works, sheet))
        for (const { target } of chunk) progress.finished(target.id, 0)
        signal.throwIfAborted()
        if (rows.length > 0) yield inOrder(rows)
      }
      await foldChunk([], feeding, all, context)
    }
    const estate: SheetedWork[] = all.map((work) => ({ work, sheet: shared }))
    evaluateWork(estate, context)
    meter.measured = measuredBy(measuring, shared)
    const last = [...rowsOf(estateWorks, shared)]
    for (const rule of rules) if (rule.meta.scope !== ESTATE.kind && !asked.has(rule)) last.push(notAsked(rule, meter))
    if (last.length > 0) yield inOrder(last)
  } finally {
    for (const walk of meter.walks) await walk.close()
  }
}

/** Rules that are asked about a target, and those of which that is not known. */
const choose = (
  rules: readonly AuditRule[],
  target: AuditTarget,
): { readonly chosen: readonly AuditRule[]; readonly unsure: readonly { rule: AuditRule; attribute: string }[] } => {
  const chosen: AuditRule[] = []
  const unsure: { rule: AuditRule; attribute: string }[] = []
  for (const rule of rules) {
    try {
      if (isSelected(rule.select, target)) chosen.push(rule)
    } catch (error) {
      if (!(error instanceof AttributeMissing)) throw error
      unsure.push({ rule, attribute: error.attribute })
    }
  }
  return { chosen, unsure }
}

/** A rule that was asked about nothing has not passed. */
const notAsked = (rule: AuditRule, { targets, failed }: AuditMeter): AuditFinding => {
  const kind = rule.meta.scope
  const row = engineRow(rule, ESTATE)
  if ((targets.get(kind) ?? 0) > 0) return row('not-applicable', 'none-selected', { kind })
  if (failed.length === 0) return row('not-applicable', 'no-targets', { kind })
  const reason = failed.map(({ collector, error }) => `${collector}: ${error?.message}`).join('; ')
  return row('unknown', 'targets-unknown', { kind, reason })
}

/** Facts that the caller's collectors give are not asked of the policy. */
const ownCollector = ({ collectors = [], policy }: AuditOptions): FactCollector => {
  const taken = new Set(collectors.filter(isFactCollector).flatMap(({ provides }) => provides.map(({ name }) => name)))
  const fromPolicy = policyCollector(policy)
  return { ...fromPolicy, provides: fromPolicy.provides.filter(({ name }) => !taken.has(name)) }
}

const isFactCollector = (collector: AuditCollector): collector is FactCollector => !isHistorySource(collector)

const usedHistories = (rules: readonly AuditRule[]): readonly HistoryToken<unknown>[] =>
  unique(rules.flatMap(({ folds }) => Object.values(folds).map(({ history }) => history)))

const tokensOf = (rules: readonly AuditRule[]): readonly FactToken<unknown>[] =>
  unique(rules.flatMap(({ needs }) => Object.values(needs)))

/** By name: two copies of a package have tokens of their own. In the order of names. */
const unique = <T extends { readonly name: string }>(tokens: readonly T[]): readonly T[] =>
  [...new Map(tokens.map((token) => [token.name, token])).values()].sort((a, b) => compareKeys(a.name, b.name))

/** Kinds that there is something of, in the order of the run. */
const kindsOf = (targets: readonly AuditTarget[], walks: readonly HistoryWalk[]): readonly string[] =>
  [...new Set([...targets.map(({ kind }) => kind), ...walks.map(({ history }) => history.target)])].sort(compareKeys)

const joined = (sheet: FactSheet, shared: FactSheet): FactSheet => new Map([...shared, ...sheet])

const inOrder = (rows: readonly AuditFinding[]): readonly AuditFinding[] =>
  [...rows].sort(
    (a, b) =>
      compareKeys(a.target.kind, b.target.kind) ||
      compareKeys(a.target.id, b.target.id) ||
      compareKeys(a.rule, b.rule) ||
      compareKeys(a.subject ?? '', b.subject ?? '') ||
      compareKeys(a.message, b.message),
  )

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

async function* chunks<T>(items: AsyncIterable<T>): AsyncGenerator<readonly T[]> {
  let chunk: T[] = []
  for await (const item of items) {
    chunk.push(item)
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
