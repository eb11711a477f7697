import { redact } from '../redact.js'
import type { BackupSource } from '../source/backup-source.js'
import type { PreflightCheck } from '../source/preflight.js'
import type { SourceTraits } from '../source/traits.js'
import { type Attempter, createAttempter } from './attempt.js'
import { listCheck, orderCheck, readFirstPages } from './listing.js'
import { readCheck, sequentialChecks, statCheck } from './object-checks.js'
import type { PreflightOptions, PreflightReport } from './report.js'
import { failed, LIST, REACH } from './subjects.js'
import { digestsCheck, versionsCheck } from './trait-checks.js'

/** The body of `preflight()`, loaded when it is called. */
export const runChecks = async (source: BackupSource, options: PreflightOptions): Promise<PreflightReport> => {
  const signal = options.signal ?? new AbortController().signal
  const asOf = (options.now?.() ?? new Date()).toISOString()
  const attempter = createAttempter(signal, options.retry)
  signal.throwIfAborted()
  const general = await generalChecks(source, attempter)
  const own = await ownChecks(source, attempter)
  const checks = merged(general, own).map(withoutSecrets)
  const ok = checks.every(({ status }) => status === 'ok' || status === 'notice')
  return { schema: 'backproof.preflight/v1', source: redact(source.uri), asOf, ok, checks }
}

/** What can be tried with any source. */
const generalChecks = async (source: BackupSource, attempter: Attempter): Promise<readonly PreflightCheck[]> => {
  const described = await attempter.attempt(() => source.describe({ signal: attempter.signal }))
  if ('error' in described) return [failed(REACH, described.error)]
  const traits = described.value
  const reached: PreflightCheck = { ...REACH, status: 'ok', detail: 'It answers.' }
  return [reached, ...(await contentChecks(source, traits, attempter)), digestsCheck(traits), versionsCheck(traits)]
}

const contentChecks = async (
  source: BackupSource,
  traits: SourceTraits,
  attempter: Attempter,
): Promise<readonly PreflightCheck[]> => {
  if (traits.access === 'sequential') return sequentialChecks(source, traits, attempter)
  const listed = await attempter.attempt(() => readFirstPages(source, attempter.signal))
  if ('error' in listed) return [failed(LIST, listed.error)]
  const first = listed.value
  return [
    listCheck(first),
    orderCheck(traits.keyOrder, first),
    await statCheck(source, first, attempter),
    await readCheck(source, traits, first, attempter),
  ]
}

const ownChecks = async (source: BackupSource, { attempt, signal }: Attempter): Promise<readonly PreflightCheck[]> => {
  if (source.preflight === undefined) return []
  const tried = await attempt(async () => source.preflight!({ signal }))
  if (!('error' in tried)) return tried.value
  // It promises to reject on abort only.
  return [failed({ id: 'preflight', title: 'checks of the provider' }, tried.error)]
}

/** The provider's check stands in the place of the general one with its id; the others follow. */
const merged = (general: readonly PreflightCheck[], own: readonly PreflightCheck[]): readonly PreflightCheck[] => {
  const ids = new Set(general.map(({ id }) => id))
  return [
    ...general.flatMap((check) => {
      const instead = own.filter(({ id }) => id === check.id)
      return instead.length === 0 ? [check] : instead
    }),
    ...own.filter(({ id }) => !ids.has(id)),
  ]
}

const withoutSecrets = ({ id, title, status, detail, fix, permission }: PreflightCheck): PreflightCheck => ({
  id,
  title: redact(title),
  status,
  detail: redact(detail),
  ...(fix !== undefined && { fix: redact(fix) }),
  ...(permission !== undefined && { permission }),
})
