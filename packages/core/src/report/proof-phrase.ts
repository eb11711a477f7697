import type { ProofMethod } from '../evidence/evidence.js'
import { figure, listed } from './phrases.js'
import type { RunResult, Totals } from './report.js'
import { partialSample } from './sample-phrase.js'

/** How the matches of a result were proven, for the end of a sentence. Nothing weak sounds strong here. */
export const proofPhrase = (result: RunResult): string => {
  const { totals } = result
  const { grades } = totals
  const matches = totals.outcomes.match
  const phrases = result.kind === 'verify' ? VERIFIED : COMPARED
  if (grades.read === matches) return result.kind === 'verify' ? verifiedByReading(totals) : comparedByReading(result)
  const ways = (['read', 'stored', 'claimed', 'size'] as const).filter((grade) => grades[grade] > 0)
  if (ways.length === 1) return phrases[ways[0]!]
  return listed(ways.map((grade) => `${figure(grades[grade])} ${phrases[grade]}`))
}

const COMPARED = {
  read: 'by reading every byte',
  stored: 'by digests that a storage service or a record vouches for',
  claimed: 'by digests that were claimed when they were stored and never checked',
  size: 'by size only: contents were not compared',
} as const

const VERIFIED = {
  read: 'every byte was read',
  stored: 'every byte was read, and compared with digests that detect errors but not forgery',
  claimed: 'every byte was read, and compared with digests that a client once claimed',
  size: 'by size only: contents were not compared',
} as const

const verifiedByReading = (totals: Totals): string => {
  const names = Object.keys(totals.algorithms)
  return names.length === 0 ? VERIFIED.read : `${VERIFIED.read}; ${listed(names)}`
}

const comparedByReading = (result: RunResult): string => {
  const { totals } = result
  const everyByte =
    partialSample(result) === undefined
      ? 'every byte of both sides was read'
      : 'every byte of these was read on both sides'
  const used = (method: ProofMethod): boolean => (totals.methods[method] ?? 0) > 0
  const digests = [listed(Object.keys(totals.algorithms)), 'digests'].filter((part) => part !== '').join(' ')
  if (used('one-sided-read') || used('digest') || used('derived-digest')) {
    const rest = used('bytes') || used('two-sided-read') ? ', others with every byte of both sides read' : ''
    return `against recorded ${digests}${rest}`
  }
  if (used('bytes') && !used('two-sided-read')) return `byte for byte (${everyByte})`
  if (used('two-sided-read') && !used('bytes')) return `by equal ${digests} (${everyByte})`
  if (used('bytes')) return `${everyByte} and compared`
  return used('link') ? 'as symbolic links with equal targets' : 'by reading every byte'
}
