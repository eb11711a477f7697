import { BackupError } from '../../errors.js'
import type { CollectedFact } from '../collector.js'
import type { HistoryTraits } from '../history.js'
import type { AuditTarget } from '../target.js'
import { isTime } from '../time.js'

/**
 * What collectors give may come from plain JavaScript: of something that is no fact nobody knows whether it is good news.
 *
 * @throws BackupError `contract`.
 */
export const checkFacts = (collector: string, given: unknown): readonly CollectedFact[] => {
  if (!Array.isArray(given)) throw breach(collector, 'collect', 'gave no list of facts')
  for (const one of given as readonly unknown[]) {
    const { token, fact } = recordOf(one)
    const { name } = recordOf(token)
    if (typeof name !== 'string') throw breach(collector, 'collect', 'gave a fact without a token')
    const wrong = wrongFact(recordOf(fact))
    if (wrong !== undefined) throw breach(collector, 'collect', `gave the fact ${JSON.stringify(name)} with ${wrong}`)
  }
  return given
}

const wrongFact = ({
  state,
  source,
  observedAt,
  partial,
  reason,
  detail,
  missingPermission,
}: Plain): string | undefined => {
  if (state === 'unknown') {
    if (typeof reason !== 'string') return 'no reason why it is unknown'
    return isOptional(detail, 'string') && isOptional(missingPermission, 'string')
      ? undefined
      : 'a detail or a missing permission that is no text'
  }
  if (state !== 'known' && state !== 'absent') return 'a state other than known, absent and unknown'
  if (typeof source !== 'string') return 'no source'
  if (!isTime(observedAt)) return 'an `observedAt` that is no time (milliseconds since 1970)'
  return isOptional(partial, 'boolean') ? undefined : 'a `partial` that is neither true nor false'
}

/** @throws BackupError `contract` for traits of a history that say nothing certain. */
export const checkTraits = (id: string, given: unknown): HistoryTraits => {
  const { order, source, observedAt, from, partial } = recordOf(given)
  const wrong =
    order !== 'target-time' && order !== 'none'
      ? 'an order other than target-time and none'
      : typeof source !== 'string'
        ? 'no source'
        : !isTime(observedAt) || !(from === undefined || isTime(from))
          ? 'no time until which, or from which, it tells everything (milliseconds since 1970)'
          : isOptional(partial, 'boolean')
            ? undefined
            : 'a `partial` that is neither true nor false'
  if (wrong !== undefined) throw breach(id, 'describe', `says of its history ${wrong}`)
  return given as HistoryTraits
}

/** What is wrong with a list of targets; `undefined`: nothing. */
export const wrongTargets = (given: unknown): string | undefined => {
  if (!Array.isArray(given)) return 'no list of targets'
  const at = given.findIndex((target) => !isTarget(recordOf(target)))
  return at < 0
    ? undefined
    : `the target number ${at + 1} without kind or id, or with a name or attributes that are none`
}

/** @throws BackupError `contract` for what is no list of targets. */
export const checkTargets = (collector: string, given: unknown): readonly AuditTarget[] => {
  const wrong = wrongTargets(given)
  if (wrong !== undefined) throw breach(collector, 'discover', `found ${wrong}`)
  return given as readonly AuditTarget[]
}

const isTarget = ({ kind, id, name, attributes }: Plain): boolean =>
  typeof kind === 'string' &&
  typeof id === 'string' &&
  isOptional(name, 'string') &&
  (attributes === undefined || (isRecord(attributes) && Object.values(attributes).every(isAttribute)))

const isAttribute = (value: unknown): boolean =>
  value === undefined ||
  ['string', 'number', 'boolean'].includes(typeof value) ||
  (Array.isArray(value) && value.every((one) => typeof one === 'string'))

type Plain = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const recordOf = (value: unknown): Plain => (isRecord(value) ? value : {})

const isOptional = (value: unknown, type: 'string' | 'boolean'): boolean => value === undefined || typeof value === type

const breach = (id: string, operation: string, what: string): BackupError =>
  new BackupError({ code: 'contract', operation, subject: id, message: `${id} ${what}.` })
