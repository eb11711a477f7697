import { dirname } from 'node:path'
import type { ObjectFinding } from '@backproof/core/report'
import { shellQuote } from '../places/shell-quote.js'
import { type Parties, pathOf } from './parties.js'

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
      return command('ls -ld --', finding.error?.side === 'replica' ? replica : source)
    case 'unverifiable':
      return finding.reason === 'special'
        ? command('ls -ld --', source ?? replica)
        : runAgain(finding, parties, '--require read ')
    default:
      return runAgain(finding, parties, '')
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
  if (source === undefined || replica === undefined) return runAgain(finding, parties, '--require read ')
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

/** The same run for this one object. */
const runAgain = (finding: ObjectFinding, parties: Parties, options: string): string => {
  const places = [parties.source, ...parties.replicas].map((place) => shellQuote(place.given)).join(' ')
  const against = parties.expected === undefined ? '' : `--against ${shellQuote(parties.expected.given)} `
  return `backproof ${parties.kind} ${against}${options}--include=${shellQuote(escapeGlob(finding.key))} -- ${places}`
}

const escapeGlob = (key: string): string => key.replace(/[\\*?[\]{}()!+@|]/g, '\\$&')
