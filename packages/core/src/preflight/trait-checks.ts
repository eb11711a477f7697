import type { PreflightCheck } from '../source/preflight.js'
import type { NativeDigest, SourceTraits } from '../source/traits.js'

/** Which digests are there for nothing, and how far a comparison comes with them. */
export const digestsCheck = ({ listingDigests, statDigests }: SourceTraits): PreflightCheck => {
  const listed = listingDigests.map(inWords)
  const added = statDigests.map(inWords).filter((words) => !listed.includes(words))
  const all = [...listingDigests, ...statDigests]
  const carries = [
    ...(listed.length === 0 ? [] : [`The listing carries ${listed.join(', ')}.`]),
    ...(added.length === 0 ? [] : [`Looking an object up adds ${added.join(', ')}.`]),
    ...(all.length === 0 ? ['No digests are kept.'] : []),
  ]
  const weakest =
    all.length === 0 ? 'size' : all.every(({ provenance }) => provenance === 'claimed') ? 'claimed' : 'stored'
  return {
    id: 'digests',
    title: 'digests that need no reading',
    status: 'notice',
    detail: `${carries.join(' ')} Without reading, a comparison reaches the grade \`${weakest}\` at best.`,
  }
}

const inWords = ({ algorithm, provenance }: NativeDigest): string =>
  `${algorithm} (${PROVENANCES[provenance] ?? provenance})`

const PROVENANCES: Readonly<Record<string, string>> = {
  service: 'kept by the service',
  recorded: 'recorded',
  claimed: 'claimed by a client, never validated',
}

export const versionsCheck = ({ versions, pinning, readCost }: SourceTraits): PreflightCheck => {
  const kept = versions ? 'Earlier versions are kept.' : 'No earlier versions are kept.'
  const pinned =
    pinning === 'none' && readCost !== 'impossible'
      ? ' Nothing holds a read to one version: let nothing write during a run.'
      : ''
  const ok = versions && pinned === ''
  return { id: 'versions', title: 'versions', status: ok ? 'ok' : 'notice', detail: kept + pinned }
}
