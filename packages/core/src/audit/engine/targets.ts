import { BackupError, toBackupError } from '../../errors.js'
import { redact } from '../../redact.js'
import { canonicalJson } from '../../report/canonical.js'
import { compareKeys } from '../../source/key.js'
import type { FactCollector } from '../collector.js'
import type { Policy } from '../policy.js'
import { policyTargets } from '../policy-targets.js'
import type { AuditIncompleteness } from '../result.js'
import { type AuditTarget, ESTATE } from '../target.js'
import { type CallContext, callCollector } from './call.js'
import { checkTargets } from './forms.js'

export interface FoundTargets {
  /** In the order of the run: by kind, then id. Without the estate. */
  readonly targets: readonly AuditTarget[]
  /** Collectors that could not say which targets there are. */
  readonly failed: readonly AuditIncompleteness[]
}

/** The targets of a run: those that were given, else those of the policy and what collectors discover. */
export const findTargets = async (
  given: readonly AuditTarget[] | undefined,
  policy: Policy | undefined,
  collectors: readonly FactCollector[],
  context: CallContext & { readonly now: number },
): Promise<FoundTargets> => {
  if (given !== undefined) return { targets: sorted(given), failed: [] }
  const failed: AuditIncompleteness[] = []
  const { now, signal } = context
  const calls = collectors
    .filter(({ discover }) => discover !== undefined)
    .map(async (collector): Promise<Discovered> => {
      const { id } = collector
      try {
        const found = await callCollector(id, (given) => collector.discover!({ now, signal: given }), context)
        return { id, found: checkTargets(id, found) }
      } catch (error) {
        signal.throwIfAborted()
        failed.push({
          reason: 'discovery',
          collector: redact(id),
          error: toBackupError(error, { code: 'unavailable' }).toJSON(),
        })
        return { id, found: [] }
      }
    })
  // In the order of their ids: whose word counts must not depend on who answers first.
  const discovered = (await Promise.all(calls)).sort((a, b) => compareKeys(a.id, b.id))
  failed.sort((a, b) => compareKeys(canonicalJson(a), canonicalJson(b)))
  const declared = policy === undefined ? [] : policyTargets(policy)
  return { targets: sorted(merged([...declared, ...discovered.flatMap(({ found }) => found)])), failed }
}

interface Discovered {
  readonly id: string
  readonly found: readonly AuditTarget[]
}

/** What policy and collectors say of one target is told together; the policy's words count where both have some. */
const merged = (found: readonly AuditTarget[]): readonly AuditTarget[] => {
  const byId = new Map<string, AuditTarget>()
  for (const target of found) {
    const id = identity(target)
    const known = byId.get(id)
    byId.set(
      id,
      known === undefined ? target : { ...target, ...known, attributes: { ...target.attributes, ...known.attributes } },
    )
  }
  return [...byId.values()]
}

const sorted = (targets: readonly AuditTarget[]): readonly AuditTarget[] => {
  const ordered = targets
    .filter(({ kind }) => kind !== ESTATE.kind)
    .sort((a, b) => compareKeys(a.kind, b.kind) || compareKeys(a.id, b.id))
  ordered.forEach((target, i) => {
    const next = ordered[i + 1]
    if (next !== undefined && identity(target) === identity(next))
      throw new BackupError({
        code: 'invalid-config',
        subject: target.id,
        message: `Two targets are the ${target.kind} ${JSON.stringify(target.id)}. Give each target once.`,
      })
  })
  return ordered
}

const identity = ({ kind, id }: AuditTarget): string => JSON.stringify([kind, id])
