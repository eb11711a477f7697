import type pLimit from 'p-limit'
import { redact } from '../../redact.js'
import { canonicalJson } from '../../report/canonical.js'
import { compareKeys } from '../../source/key.js'
import type { CollectedFact, FactCollector } from '../collector.js'
import type { Fact, FactToken, UnknownFact } from '../fact.js'
import type { AuditTarget } from '../target.js'
import { isoTime } from '../time.js'
import { type CallContext, callCollector } from './call.js'
import { checkFacts } from './forms.js'
import { unknownFrom } from './unknown.js'

/** Facts of one target, by the name of the token. */
export type FactSheet = ReadonlyMap<string, Fact<unknown>>

export interface DeskOptions extends CallContext {
  readonly collectors: readonly FactCollector[]
  /** The one among them that is the engine's own: it needs no limits. */
  readonly own: FactCollector
  readonly now: number
  readonly maxAge: number
  readonly limit: ReturnType<typeof pLimit>
  /** Called for each call of a collector. */
  readonly onCall: (collector: string) => void
}

/** Asks every collector that can answer, once for each target, and gives one fact for each token. */
export const collectFacts = async (
  target: AuditTarget,
  tokens: readonly FactToken<unknown>[],
  options: DeskOptions,
): Promise<FactSheet> => {
  const answers = new Map<string, Fact<unknown>[]>()
  const add = (name: string, fact: Fact<unknown>): void => {
    const known = answers.get(name)
    if (known === undefined) answers.set(name, [fact])
    else known.push(fact)
  }
  const asked = options.collectors.flatMap((collector) => {
    const wanted = collector.kinds.includes(target.kind)
      ? tokens.filter(({ name }) => collector.provides.some((token) => token.name === name))
      : []
    return wanted.length === 0 ? [] : [askCollector(collector, target, wanted, options)]
  })
  // No promise for what nobody provides: audits of histories alone have thousands of targets.
  for (const facts of asked.length === 0 ? [] : await Promise.all(asked))
    for (const { token, fact } of facts) add(token.name, fact)
  return new Map(tokens.map(({ name }) => [name, settled(answers.get(name) ?? [], options)]))
}

const askCollector = async (
  collector: FactCollector,
  target: AuditTarget,
  tokens: readonly FactToken<unknown>[],
  options: DeskOptions,
): Promise<readonly CollectedFact[]> => {
  const { now, limit, onCall } = options
  try {
    if (collector === options.own) {
      onCall(collector.id)
      return await collector.collect({ target, tokens, now, signal: options.signal })
    }
    const facts = await limit(() => {
      onCall(collector.id)
      return callCollector(collector.id, (signal) => collector.collect({ target, tokens, now, signal }), options)
    })
    const names = new Set(tokens.map(({ name }) => name))
    return checkFacts(collector.id, facts).filter(({ token }) => names.has(token.name))
  } catch (error) {
    options.signal.throwIfAborted()
    const fact = unknownFrom(error)
    return tokens.map((token) => ({ token, fact }))
  }
}

/**
 * What several collectors come to, whatever their order. Equal answers are one, the newest. A value counts beside one that could not
 * be read; that there is none does not, as the other might have seen it. Different answers are a conflict.
 */
const settled = (facts: readonly Fact<unknown>[], { now, maxAge }: DeskOptions): Fact<unknown> => {
  const usable = facts.filter((fact) => fact.state !== 'unknown')
  const unknown = facts.filter((fact) => fact.state === 'unknown')
  const known = usable.filter((fact) => fact.state === 'known')
  if (usable.length === 0 || (known.length === 0 && unknown.length > 0))
    return tidied(first(unknown) ?? { state: 'unknown', reason: 'not-collected' })
  if (known.length > 0 && known.length < usable.length) return conflict(usable)
  const [one, ...others] = known
  if (one !== undefined && others.some(({ value }) => !isSame(value, one.value))) return conflict(usable)
  const newest = newestFirst(usable)[0]!
  if (newest.observedAt < now - maxAge)
    return {
      state: 'unknown',
      reason: 'stale',
      detail: `${redact(newest.source)} was read at ${isoTime(newest.observedAt)}`,
    }
  // Of equal values one that was seen whole is whole.
  if (newest.state === 'known' && newest.partial === true) {
    const whole = newestFirst(known).find(({ partial, observedAt }) => partial !== true && observedAt >= now - maxAge)
    return whole ?? newest
  }
  return newest
}

const newestFirst = <F extends { readonly observedAt: number; readonly source: string }>(
  facts: readonly F[],
): readonly F[] => [...facts].sort((a, b) => b.observedAt - a.observedAt || compareKeys(a.source, b.source))

/** What has no JSON cannot be compared, and may be different. */
const isSame = (a: unknown, b: unknown): boolean => {
  try {
    return canonicalJson(a) === canonicalJson(b)
  } catch {
    return false
  }
}

/** The same one, whatever the order. */
const first = <F>(facts: readonly F[]): F | undefined =>
  facts.length < 2 ? facts[0] : [...facts].sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1))[0]

/** What collectors of others say goes into reports. */
const tidied = ({ reason, detail, missingPermission }: UnknownFact): UnknownFact => ({
  state: 'unknown',
  reason: redact(reason),
  ...(detail !== undefined && { detail: redact(detail) }),
  ...(missingPermission !== undefined && { missingPermission: redact(missingPermission) }),
})

const conflict = (facts: readonly Exclude<Fact<unknown>, { state: 'unknown' }>[]): Fact<unknown> => ({
  state: 'unknown',
  reason: 'conflict',
  detail: `different answers from ${[...new Set(facts.map(({ source }) => redact(source)))].sort().join(' and ')}`,
})
