import { dirname } from 'node:path'
import type { ObjectFinding } from '@backproof/core/report'
import { shellQuote } from '../places/shell-quote.js'
import { type Parties, pathOf, placeOf } from './parties.js'

/**
 * The command that looks further into a failing finding: it only looks, because what to repair, and from which side,
 * is for people to decide. `undefined` when there is none to name.
 */
export const nextCommand = (finding: ObjectFinding, parties: Parties): string | undefined => {
  const source = pathOf(parties, 'source', finding)
  const replica = pathOf(parties, 'replica', finding)
  switch (finding.outcome) {
    case 'mismatch':
      return mismatchCommand(finding, parties, source, replica)
    case 'missing':
      return command('ls -la --', parentOf(parties.kind === 'verify' ? source : replica))
    case 'extra':
      return command('ls -l --', parties.kind === 'verify' ? source : replica)
    case 'unreadable': {
      const damaged = finding.error?.side === 'replica' ? replica : source
      return damaged === undefined ? undefined : `dd if=${shellQuote(damaged)} of=/dev/null bs=1M`
    }
    case 'error':
      return command('ls -ld --', finding.error?.side === 'replica' ? replica : source) ?? checkPlace(finding, parties)
    case 'unverifiable':
      return unverifiableCommand(finding, parties, source, replica)
    default:
      return runAgain(finding, parties, '')
  }
}

/** What could decide it, where something could; policy that no evidence here can meet has no command. */
const unverifiableCommand = (
  finding: ObjectFinding,
  parties: Parties,
  source: string | undefined,
  replica: string | undefined,
): string | undefined => {
  switch (finding.reason) {
    case 'special':
      return command('ls -ld --', source ?? replica)
    case 'claim-differs':
      // A verification has read it already.
      return parties.kind === 'verify' ? undefined : readAgain(finding, parties)
    case 'no-digest':
      // The same for all rows of the run: a record to hold the next verification against.
      return parties.kind === 'verify' && parties.expected === undefined && source !== undefined
        ? `backproof hash -r -- ${shellQuote(parties.source.given)} > SHA256SUMS   # then: verify --against SHA256SUMS`
        : undefined
    default:
      return undefined
  }
}

const mismatchCommand = (
  finding: ObjectFinding,
  parties: Parties,
  source: string | undefined,
  replica: string | undefined,
): string | undefined => {
  if (parties.kind === 'verify') {
    const tool = SUM_TOOLS[finding.sides?.expected?.digest?.algorithm ?? '']
    return tool === undefined ? command('ls -l --', source) : command(`${tool} --`, source)
  }
  if (source === undefined || replica === undefined) return readAgain(finding, parties)
  const looks =
    finding.reason === 'metadata'
      ? 'stat --'
      : finding.reason === 'kind' || finding.reason === 'link-target'
        ? 'ls -ld --'
        : 'cmp --'
  return `${looks} ${shellQuote(source)} ${shellQuote(replica)}`
}

const SUM_TOOLS: Readonly<Record<string, string>> = {
  md5: 'md5sum',
  sha1: 'sha1sum',
  sha256: 'sha256sum',
  sha512: 'sha512sum',
  blake3: 'b3sum',
}

const command = (words: string, path: string | undefined): string | undefined =>
  path === undefined ? undefined : `${words} ${shellQuote(path)}`

const parentOf = (path: string | undefined): string | undefined => (path === undefined ? undefined : dirname(path))

/** What may be missing to reach a place that is not on this machine. */
const checkPlace = (finding: ObjectFinding, parties: Parties): string | undefined => {
  const place = placeOf(parties, finding.error?.side ?? 'source', finding.replica)
  return place?.kind === 'uri' || place?.kind === 'inventory'
    ? `backproof check ${opening(parties)}${shellQuote(place.given)}`
    : undefined
}

const opening = (parties: Parties): string => (parties.opening ?? []).map((one) => `${shellQuote(one)} `).join('')

/** Lists have no bytes that could be read. */
const readAgain = (finding: ObjectFinding, parties: Parties): string | undefined => {
  const places = [parties.source, placeOf(parties, 'replica', finding.replica)]
  const hasList = places.some((place) => place?.kind === 'inventory' || place?.kind === 'rclone')
  return hasList ? undefined : runAgain(finding, parties, '--require read ')
}

/** The same run for this one object. */
const runAgain = (finding: ObjectFinding, parties: Parties, options: string): string => {
  const places = [parties.source, ...parties.replicas].map((place) => shellQuote(place.given)).join(' ')
  const against = parties.expected === undefined ? '' : `--against ${shellQuote(parties.expected.given)} `
  return `backproof ${parties.kind} ${against}${opening(parties)}${options}--include=${shellQuote(escapeGlob(finding.key))} -- ${places}`
}

const escapeGlob = (key: string): string => key.replace(/[\\*?[\]{}()!+@|]/g, '\\$&')
