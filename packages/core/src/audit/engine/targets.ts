import { BackupError, toBackupError } from '../../errors.js'
import { compareKeys } from '../../source/key.js'
import type { FactCollector } from '../collector.js'
import type { Policy } from '../policy.js'
import { policyTargets } from '../policy-targets.js'
import type { AuditIncompleteness } from '../result.js'
import { type AuditTarget, ESTATE } from '../target.js'
import { type CallContext, callCollector } from './call.js'

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
  const found: AuditTarget[] = policy === undefined ? [] : [...policyTargets(policy)]
  const failed: AuditIncompleteness[] = []
  const calls = collectors.map(async ({ id, discover }, i) => {
    if (discover === undefined) return
    const { now } = context
    try {
      found.push(...(await callCollector(id, (signal) => collectors[i]!.discover!({ now, signal }), context)))
    } catch (error) {
      context.signal.throwIfAborted()
      failed.push({ reason: 'discovery', collector: id, error: toBackupError(error, { code: 'unavailable' }).toJSON() })
    }
  })
  await Promise.all(calls)
  failed.sort((a, b) => compareKeys(a.collector ?? '', b.collector ?? ''))
  return { targets: sorted(merged(found)), failed }
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
