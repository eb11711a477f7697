import type { Outcome, ProofMethod } from '../evidence/evidence.js'
import { escapeKey } from '../source/key.js'
import { exitCode, extrasOf, standingOf } from './exit-code.js'
import { byteCount, counted, countsByName, figure, listed } from './phrases.js'
import { proofPhrase } from './proof-phrase.js'
import type { Coverage, Incompleteness, RunResult, SourceIdentity, Totals, Unspent } from './report.js'
import {
  partialSample,
  provenTitle,
  sampledObjects,
  sampleReasons,
  sampleRemarks,
  tookNothing,
} from './sample-phrase.js'

export interface Summary {
  /** The same as `exitCode(result) === 0`. */
  readonly proven: boolean
  /** One sentence: what was proven and how, or what was not and why. */
  readonly sentence: string
  /** Further facts, one a line, the most important first. */
  readonly details: readonly string[]
}

/** A result in plain English. Never says more than the result proves. */
export const summarize = (result: RunResult): Summary => {
  const proven = exitCode(result) === 0
  return { proven, sentence: proven ? provenSentence(result) : notProvenSentence(result), details: detailsOf(result) }
}

const provenSentence = (result: RunResult): string => {
  const { grades } = result.totals
  const weak = grades.size > 0 || grades.claimed > 0
  return `${provenTitle(result)}${weak ? ' weakly' : ''}: ${whatMatched(result)}.`
}

/** `all 12 objects (1,234 bytes) of A are in B, byte for byte (...)`, with every limit of that statement. */
const whatMatched = (result: RunResult): string => {
  const { source, replicas, expected } = result
  const sample = partialSample(result)
  const objects = sample?.sampled ?? result.byReplica[0]?.outcomes.match ?? 0
  const excluded = sumOf(source.excluded)
  const which =
    (source.excluded['filter'] ?? 0) > 0
      ? ' that the filter let through'
      : excluded > 0
        ? ' that were not left out'
        : ''
  const all = objects === 1 ? `the only object${which}` : `all ${figure(objects)} objects${which}`
  const counts = sample === undefined ? `${all} (${byteCount(source.bytes)})` : sampledObjects(sample, which)
  const subject = `${counts} of ${source.uri}`
  const verb = objects === 1 ? ['is', 'has'] : ['are', 'have']
  const proof = proofPhrase(result)
  const claim =
    result.kind === 'compare'
      ? `${subject} ${verb[0]} in ${listed(replicas.map(({ uri }) => uri))}, ${proof}`
      : `${subject} ${verb[1]} the digests that ${expected === undefined ? 'are stored with them' : `${expected.uri} records`} (${sample === undefined ? '' : 'of these, '}${proof})`
  return [
    claim,
    ...(excluded > 0 ? [`${counted(excluded, 'entry', 'entries')} excluded (${countsByName(source.excluded)})`] : []),
    ...remarks(result),
  ].join('; ')
}

const remarks = (result: RunResult): string[] => {
  const { allowedExtras } = standingOf(result.totals, extrasOf(result))
  const shared = result.totals.notes['same-file'] ?? 0
  return [
    ...sampleRemarks(result),
    ...(allowedExtras > 0 ? [`${counted(allowedExtras, 'extra object')} allowed`] : []),
    ...lists(result),
    ...unread(result),
    ...(shared > 0
      ? [
          `${counted(shared, 'object is a hard link', 'objects are hard links')} to the same file: not an independent copy`,
        ]
      : []),
  ]
}

/** Sides that are lists, and of when: what they say held then. */
const lists = ({ source, replicas, expected }: RunResult): string[] =>
  [source, ...replicas, ...(expected === undefined ? [] : [expected])].flatMap(({ uri, asOf }) =>
    asOf === undefined ? [] : [`${uri} is a list, as of ${new Date(asOf).toISOString()}`],
  )

/** Sides that stored digests speak for: what rots beneath them is not seen. */
const unread = ({ kind, totals, source, replicas }: RunResult): string[] => {
  const { stored, claimed } = totals.grades
  // A list has no bytes to be read.
  const sides = [source, ...replicas].filter(
    ({ bytes, bytesRead, asOf }) => bytes > 0 && bytesRead === 0 && asOf === undefined,
  )
  if (kind !== 'compare' || stored + claimed === 0 || sides.length === 0) return []
  return [
    `nothing of ${listed(sides.map(({ uri }) => uri))} was read: require \`read\` to see what rots beneath stored digests`,
  ]
}

const notProvenSentence = (result: RunResult): string => {
  const { outcomes } = result.totals
  const { failing, undecided, allowedExtras } = standingOf(result.totals, extrasOf(result))
  const broken = result.incomplete.filter(({ reason }) => reason !== 'gap')
  const gap = result.incomplete.length > broken.length ? [`this is only a part (${partOf(result.covered)})`] : []
  if (failing + undecided + broken.length === 0 && outcomes.match > 0 && gap.length > 0 && !tookNothing(result)) {
    return `NOT proven as a whole, ${gap[0]}: ${whatMatched(result)}.`
  }
  const looked = result.totals.findings - allowedExtras
  const pairs = result.replicas.length > 1 ? `${figure(looked)} pairs of objects` : counted(looked, 'object')
  const names = (wanted: readonly Outcome[]): string =>
    countsByName(Object.fromEntries(wanted.map((name) => [name, outcomes[name]])))
  const failed: readonly Outcome[] = [
    'mismatch',
    'missing',
    ...(allowedExtras > 0 ? [] : ['extra' as const]),
    'unreadable',
  ]
  const reasons = [
    ...(failing > 0
      ? [`${figure(failing)} of ${pairs} ${failureVerb(failing, outcomes.unreadable)}: ${names(failed)}`]
      : []),
    ...(undecided > 0
      ? [
          `${failing > 0 ? `${figure(undecided)} more` : `${figure(undecided)} of ${pairs}`} could not be decided: ${names(['changed', 'unverifiable', 'error'])}`,
        ]
      : []),
    ...unspentReasons(result),
    ...sampleReasons(result),
    // A run that was broken off before its first finding does not know whether there was anything.
    ...(outcomes.match + failing + undecided + broken.length === 0 && !tookNothing(result)
      ? [nothingSeen(result, allowedExtras)]
      : []),
    ...broken.map((why) => incompleteReason(why, result)),
    ...gap,
    ...(result.alerts ?? []).map(({ message }) => message),
  ]
  return `NOT proven: ${reasons.length > 0 ? reasons.join('; ') : 'a replica had nothing to compare'}.`
}

/** `Since the record: 3 modified, 1 rot (changed under the same size, time and version), 2 new, 1 gone`. */
const driftDetail = ({ drift }: RunResult): readonly string[] => {
  if (drift === undefined) return []
  const { modified, rot, undated, gone } = drift
  const counts = {
    modified: modified.objects,
    'rot (other bytes under the same size, time and version)': rot.objects,
    'changed without a date to compare': undated.objects,
    new: drift.new.objects,
    gone: gone.objects,
  }
  const text = countsByName(counts)
  return text === '' ? [] : [`Since the record: ${text}`]
}

/** What was left unproven for its cost, and how to have it proven. */
const unspentReasons = ({ unspent = {} }: RunResult): string[] => {
  const { budget, 'read-ceiling': ceiling } = unspent
  const what = ({ findings, bytes }: Unspent): string => `${figure(findings)} of these (${byteCount(bytes)})`
  return [
    ...(budget === undefined ? [] : [`${what(budget)} are beyond the budget`]),
    ...(ceiling === undefined
      ? []
      : [
          `${what(ceiling)} are beyond what is read of a place that charges without your word: allow it with \`readCeiling\``,
        ]),
  ]
}

const failureVerb = (failing: number, unreadable: number): string => {
  if (unreadable === failing) return failing === 1 ? 'is unreadable' : 'are unreadable'
  if (unreadable > 0) return 'differ or are unreadable'
  return failing === 1 ? 'differs' : 'differ'
}

const nothingSeen = (result: RunResult, allowedExtras: number): string => {
  const excluded = sumOf(result.source.excluded)
  const more = [
    ...(excluded > 0 ? [`${figure(excluded)} excluded`] : []),
    ...(allowedExtras > 0 ? [`${counted(allowedExtras, 'extra object')} allowed, which proves nothing`] : []),
  ]
  return `there was nothing to ${result.kind} (${['0 objects', ...more].join('; ')})`
}

const incompleteReason = (why: Incompleteness, result: RunResult): string => {
  const seen = `after ${counted(result.totals.findings, 'finding')}`
  if (why.reason === 'aborted') return `the run was cancelled ${seen}`
  if (why.reason === 'budget')
    return `the budget (${why.limit ?? 'unknown'}) was spent ${seen}, before everything was listed`
  if (why.reason === 'left-early') return `the run was stopped early by its caller, ${seen}`
  const side =
    why.side === 'replica'
      ? result.replicas[why.replica ?? 0]
      : why.side === 'expected'
        ? result.expected
        : result.source
  const message = why.error?.message.replace(/\.$/, '') ?? 'unknown error'
  return `${side?.uri ?? 'one side'} could not be listed to its end (${message})`
}

const MOST_PIECES = 3

const partOf = (covered: readonly Coverage[]): string => {
  const pieces = covered.slice(0, MOST_PIECES).map(({ range, shard }) => {
    const from = range?.from === undefined ? '' : ` from "${escapeKey(range.from)}"`
    const to = range?.to === undefined ? '' : ` before "${escapeKey(range.to)}"`
    const keys = from + to === '' ? [] : [`keys${from}${to}`]
    return [...keys, ...(shard === undefined ? [] : [`shard ${shard.index} of ${shard.count}, counted from 0`])].join(
      ', ',
    )
  })
  const more = covered.length > MOST_PIECES ? [`${figure(covered.length - MOST_PIECES)} more pieces`] : []
  return [...pieces, ...more].join('; ')
}

const detailsOf = (result: RunResult): string[] => {
  const { totals, source, replicas, expected, byReplica } = result
  const sides = [source, ...replicas, ...(expected === undefined ? [] : [expected])]
  return [
    ...(replicas.length > 1
      ? replicas.map(({ uri }, i) => `${uri}: ${countsByName(byReplica[i]?.outcomes ?? {}) || 'no objects'}`)
      : []),
    ...(totals.outcomes.match > 0
      ? [`Evidence of matches by grade: ${countsByName(totals.grades)} (${methodCounts(totals.methods)})`]
      : []),
    ...(Object.keys(totals.algorithms).length > 0
      ? [`Digests that proved matches: ${countsByName(totals.algorithms)}`]
      : []),
    ...driftDetail(result),
    ...sides.map(sideDetail),
    ...remarks(result).map((remark) => `${remark[0]!.toUpperCase()}${remark.slice(1)}`),
    ...(result.findingsOmitted > 0
      ? [
          `${counted(result.findingsOmitted, 'further finding')} not kept in this result (limit ${figure(result.findingsLimit)})`,
        ]
      : []),
  ]
}

/** `1,943 byte for byte, 9 by link target`. */
const methodCounts = (methods: Totals['methods']): string =>
  Object.entries(methods)
    .filter(([, count]) => count > 0)
    .map(([method, count]) => `${figure(count)} ${METHOD_WORDS[method as ProofMethod] ?? method}`)
    .join(', ')

const METHOD_WORDS: Readonly<Record<ProofMethod, string>> = {
  bytes: 'byte for byte',
  digest: 'by stored digests',
  'derived-digest': 'by digests put together from those of parts',
  'one-sided-read': 'by reading one side',
  'two-sided-read': 'by reading both sides',
  size: 'by size only',
  link: 'by link target',
  none: 'by nothing',
}

const sideDetail = (side: SourceIdentity): string => {
  const excluded = sumOf(side.excluded) > 0 ? `; excluded: ${countsByName(side.excluded)}` : ''
  return `${side.uri}: ${counted(side.objects, 'object')}, ${byteCount(side.bytes)}; ${byteCount(side.bytesRead)} read for proofs${excluded}`
}

const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, value) => sum + value, 0)
