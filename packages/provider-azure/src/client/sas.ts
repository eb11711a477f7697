import type { BackupError } from '@backproof/core/errors'
import type { OptionChecks } from '@backproof/core/object-store'
import { azureError } from '../errors.js'

/** A shared access signature, and what can be seen of it ("Create a service SAS", "Create an account SAS", REST reference). */
export interface SharedAccess {
  /** The query without a question mark. A secret. */
  readonly query: string
  /** Letters of `sp`; absent where a stored access policy has them. */
  readonly permissions?: string | undefined
  /** Milliseconds since 1970. */
  readonly startsAt?: number | undefined
  readonly expiresAt?: number | undefined
  /** Resource types of a signature of the account (`srt`). */
  readonly resourceTypes?: string | undefined
}

/** Reads a signature, and refuses one that can never list a container here. Throws `invalid-config` without showing it. */
export const readSas = (checks: OptionChecks, text: string, endpoint: string): SharedAccess => {
  const query = text.trim().replace(/^\?/, '')
  const fields = new URLSearchParams(query)
  const get = (name: string): string | undefined => fields.get(name) ?? undefined
  if (get('sig') === undefined || /\s/.test(query)) {
    throw checks.invalid('the shared access signature has no sig; give the whole query. It is not shown here.')
  }
  if (get('sr') === 'b' || get('sr') === 'bs' || get('sr') === 'bv') {
    throw checks.invalid(
      'the shared access signature is for one blob (sr=b), which cannot list; give one of the container (sr=c) with sp=rl.',
    )
  }
  if (get('ss')?.includes('b') === false) {
    throw checks.invalid('the shared access signature is not for blobs; give one whose services (ss) hold b.')
  }
  if (get('spr') === 'https' && endpoint.startsWith('http:')) {
    throw checks.invalid('the shared access signature is for https only (spr), and the URL begins with http.')
  }
  const startsAt = timeOf(get('st'))
  const expiresAt = timeOf(get('se'))
  return {
    query,
    ...(get('sp') !== undefined && { permissions: get('sp') }),
    ...(get('srt') !== undefined && { resourceTypes: get('srt') }),
    ...(startsAt !== undefined && { startsAt }),
    ...(expiresAt !== undefined && { expiresAt }),
  }
}

const timeOf = (text: string | undefined): number | undefined => {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) ? undefined : time
}

/** What requests need of a signature: a letter of `sp`, and one of `srt` where the signature is of the account. */
const NEEDS: Readonly<Record<string, { readonly letter: string; readonly type?: string }>> = {
  ListBlobs: { letter: 'l', type: 'c' },
  GetBlob: { letter: 'r', type: 'o' },
  GetBlobProperties: { letter: 'r', type: 'o' },
}

/** Clocks differ: within this time the service decides. */
const CLOCK_TOLERANCE_MS = 5 * 60_000

/**
 * What hinders a signature from being taken for a request, as far as it shows: its time, and what it permits.
 *
 * @param skewMs How far the clock of this machine is ahead of the service's; `undefined` where that is not known.
 */
export const sasRefusal = (
  { permissions, resourceTypes, startsAt, expiresAt }: SharedAccess,
  operation: string,
  subject: string,
  skewMs: number | undefined,
): BackupError | undefined => {
  const now = Date.now() - (skewMs ?? 0)
  const tolerance = skewMs === undefined ? CLOCK_TOLERANCE_MS : 0
  const refused = (what: string): BackupError =>
    azureError('access-denied', operation, subject, `The shared access signature ${what}`)
  const clock = `The clock of this machine says ${iso(Date.now())}.`
  if (expiresAt !== undefined && now - tolerance > expiresAt) {
    return refused(`expired at ${iso(expiresAt)}. ${clock} Give a new one with sp=rl.`)
  }
  if (startsAt !== undefined && now + tolerance < startsAt) {
    return refused(`begins at ${iso(startsAt)} only. ${clock} Wait until then, or set the clock right (NTP).`)
  }
  const { letter, type } = NEEDS[operation] ?? {}
  if (letter !== undefined && permissions?.includes(letter) === false) {
    return refused(`lacks the permission ${letter} (sp=${permissions}), which ${operation} needs. Give one with sp=rl.`)
  }
  if (type !== undefined && resourceTypes?.includes(type) === false) {
    return refused(
      `lacks the resource type ${type} (srt=${resourceTypes}), which ${operation} needs. Give one with srt=sco, sp=rl.`,
    )
  }
  return undefined
}

const iso = (time: number): string => new Date(time).toISOString()
