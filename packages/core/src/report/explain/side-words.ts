import { digestBits, strengthOf } from '../../digest/algorithms.js'
import type { Digest, PartCoverage, Provenance } from '../../digest/digest.js'
import { counted } from '../phrases.js'
import type { ExplainedSide, Subject } from './subject.js'
import { briefValue, bytesOf, moment, quotedKey, shown } from './words.js'

/** Each side of the finding: what is known of it, by whose word, and what a digest like that can miss. */
export const evidenceOf = (subject: Subject): readonly string[] => [
  ...subject.sides.flatMap((side) => sideSentences(side, subject)),
  ...guessed(subject),
  ...missedBy(subject),
]

const sideSentences = (side: ExplainedSide, subject: Subject): readonly string[] => {
  const { evidence } = side
  if (evidence === undefined) return []
  const { size, version, digest, linkTarget, asOf, modified } = evidence
  const isStoredSelf = subject.own && side.name === 'expected'
  const facts = [
    ...(size === undefined || isStoredSelf ? [] : [bytesOf(size)]),
    ...(version === undefined || isStoredSelf ? [] : [`version ${shown(version)}`]),
    ...(modified === undefined ? [] : [`last modified ${moment(modified)}`]),
    ...(linkTarget === undefined ? [] : [`a symbolic link to ${quotedKey(linkTarget)}`]),
    digest === undefined ? NO_DIGEST : `${shown(digest.algorithm)} ${briefValue(digest.value)}${coverageOf(digest)}`,
  ]
  return [
    `${side.word}: ${facts.join(', ')}`,
    ...(digest === undefined ? [] : [`that digest ${voucherOf(digest, side)}`, ...caveatsOf(digest)]),
    ...(asOf === undefined
      ? []
      : [`${side.word} is a list made at ${moment(asOf)}: what changed since then is not in it`]),
  ]
}

const NO_DIGEST = 'no digest was compared'

/** Over what: nothing for all bytes. */
const coverageOf = ({ coverage = 'full', representation = 'stored' }: Digest): string => {
  const of =
    representation === 'stored' ? '' : `, of what undoing ${shown(representation.replace(/^logical:/, ''))} yields`
  return `${coverage === 'full' ? '' : `, over the digests of ${counted(coverage.parts, 'part')}${sizesOf(coverage)}`}${of}`
}

const sizesOf = ({ parts, sizes, size, inferred }: PartCoverage): string => {
  const even = size ?? (sizes?.slice(0, -1).every((one) => one === sizes[0]) === true ? sizes[0] : undefined)
  const guessed = inferred === true ? ' (guessed from size and count, not told by the service)' : ''
  if (parts === 1) return guessed
  if (even !== undefined) return ` of ${bytesOf(even)}, the last one of what is left${guessed}`
  return sizes === undefined ? ' of sizes that the finding does not tell' : ` of different sizes${guessed}`
}

const voucherOf = (digest: Digest, side: ExplainedSide): string =>
  digest.derived === 'parts'
    ? `is stored by nobody like this: it was put together from the digests of all parts, and each of these ${VOUCHERS[digest.provenance](side)}`
    : (VOUCHERS[digest.provenance]?.(side) ?? 'is vouched for by nobody that is known')

const VOUCHERS: Readonly<Record<Provenance, (side: ExplainedSide) => string>> = {
  computed: () => 'was computed in this run, from its bytes',
  service: (side) => `is stored by ${serviceOf(side)}, which computed or checked it when the object was written`,
  recorded: () => 'was recorded earlier, and you trust the record',
  claimed: () =>
    'is a claim: a client said so when it wrote the object, or a store did whose word is not known to be checked, and nobody is known to have held it against the bytes',
}

const serviceOf = ({ scheme, evidence }: ExplainedSide): string => {
  const service = SERVICES[scheme] ?? 'the storage service'
  return evidence?.asOf === undefined ? service : `${service} (so the list says)`
}

/** Schemes of the providers that come with Backproof. What speaks S3 need not be Amazon's. */
const SERVICES: Readonly<Record<string, string>> = {
  s3: 'the S3 service',
  azblob: 'Azure Blob Storage',
  gs: 'Google Cloud Storage',
}

const caveatsOf = ({ equalityOnly }: Digest): readonly string[] =>
  equalityOnly === true
    ? ['how it was made is not known for certain: being equal proves, being different does not']
    : []

/** Parts of a size that no side tells: it was computed over the sizes that tools use, until one gave the stored digest. */
const guessed = ({ finding, sides }: Subject): readonly string[] => {
  const [a, b] = sides.map(({ evidence }) => evidence?.digest)
  const layouts = [a, b].map((digest) => (digest?.coverage === 'full' ? undefined : digest?.coverage))
  const untold = layouts.some((parts, i) => {
    const known = layouts[1 - i]
    return parts !== undefined && parts.parts > 1 && !hasSizes(parts) && known !== undefined && hasSizes(known)
  })
  return finding.outcome === 'match' && untold && [a, b].some((digest) => digest?.provenance === 'computed')
    ? ['the size of the parts was guessed among those that tools use; that the digests are equal bears it out']
    : []
}

const hasSizes = ({ sizes, size }: PartCoverage): boolean => sizes !== undefined || size !== undefined

/** What kind of difference can hide behind equal digests. Different ones hide nothing. */
const missedBy = ({ finding, sides }: Subject): readonly string[] => {
  if (finding.outcome !== 'match' && finding.outcome !== 'unverifiable') return []
  const algorithms = sides.flatMap(({ evidence }) => evidence?.digest?.algorithm ?? [])
  // Bytes that were compared one by one need no digest: it was only recorded.
  return finding.reason === 'bytes' ? [] : [...new Set(algorithms)].map(missedByAlgorithm)
}

const missedByAlgorithm = (algorithm: string): string => {
  const name = shown(algorithm)
  switch (strengthOf(algorithm)) {
    case 'cryptographic':
      return `an equal ${name} rules out accidents and forgery: nobody is known to be able to make other bytes with the same one`
    case 'legacy':
      return `an equal ${name} rules out accidents in practice, but not forgery: other bytes with the same one can be made on purpose`
    case 'error-detecting':
      return errorDetecting(name, digestBits(algorithm))
    default:
      return `what an equal ${name} can miss is not known here`
  }
}

const errorDetecting = (name: string, bits: number | undefined): string =>
  `an equal ${name} detects errors, but rules out neither every accident (one in about 2^${bits ?? 'n'} has the same one) nor forgery (anybody can make other bytes that have it)`
