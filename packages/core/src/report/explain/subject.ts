import type { Strength } from '../../digest/digest.js'
import { GRADES, type Grade } from '../../evidence/evidence.js'
import type { ObjectFinding, SideEvidence, SideName } from '../finding.js'
import type { RunResult } from '../report.js'
import type { ExplainContext } from './explanation.js'
import { shown } from './words.js'

/** One side of a finding, as sentences speak of it. */
export interface ExplainedSide {
  readonly name: SideName
  /** `the source`. */
  readonly word: string
  /** With its place: `the source (file:///srv/shop)`. */
  readonly full: string
  /** Scheme of its URI, lowercase; empty where no URI is known. */
  readonly scheme: string
  readonly evidence: SideEvidence | undefined
  /** It is a list or a record: there are no bytes of it to read. */
  readonly listOnly: boolean
}

/** A finding, and what is known of the run that it is of. */
export interface Subject {
  readonly finding: ObjectFinding
  readonly kind: 'compare' | 'verify'
  /** An object against the digests that its own place stores. */
  readonly own: boolean
  /** The side that says what to expect, then the one that is held against it. */
  readonly sides: readonly [ExplainedSide, ExplainedSide]
  readonly require: Grade | undefined
  readonly strength: Strength | undefined
}

export const subjectOf = (finding: ObjectFinding, of: RunResult | ExplainContext): Subject => {
  const context = 'schema' in of ? contextOf(of) : of
  const { kind, source, replicas = [], expected, require, strength } = context
  const own = kind === 'verify' && expected === undefined
  const side = (name: SideName, uri: string | undefined): ExplainedSide => sideOf(name, uri, finding, own)
  const sides: Subject['sides'] =
    kind === 'verify'
      ? [side('expected', own ? source : expected), side('source', source)]
      : [side('source', source), side('replica', replicas[finding.replica ?? 0])]
  return { finding, kind, own, sides, require, strength }
}

/** What the result of a run says of it. */
const contextOf = ({ kind, source, replicas, expected, options }: RunResult): ExplainContext => ({
  kind,
  source: source.uri,
  replicas: replicas.map(({ uri }) => uri),
  expected: expected?.uri,
  // Where policies differ by key, which one counted for this key is not in the finding.
  ...(options['policies'] === undefined && {
    require: GRADES.find((grade) => grade === options['require']),
    strength: STRENGTHS.find((strength) => strength === options['strength']),
  }),
})

const STRENGTHS: readonly Strength[] = ['cryptographic', 'legacy', 'error-detecting']

const WORDS: Readonly<Record<SideName, string>> = {
  source: 'the source',
  replica: 'the replica',
  expected: 'the record',
}

const sideOf = (name: SideName, uri: string | undefined, finding: ObjectFinding, own: boolean): ExplainedSide => {
  const evidence = finding.sides?.[name]
  const itself = own && name === 'expected'
  const word = itself ? 'the stored digest' : WORDS[name]
  return {
    name,
    word,
    full: uri === undefined || itself ? word : `${word} (${shown(uri)})`,
    scheme: /^([a-z][a-z0-9+.-]*):/i.exec(uri ?? '')?.[1]?.toLowerCase() ?? '',
    evidence,
    listOnly:
      (name === 'expected' && !own) || evidence?.asOf !== undefined || evidence?.digest?.provenance === 'recorded',
  }
}

/** The side with this name, where the finding has it. */
export const sideNamed = ({ sides }: Subject, name: SideName | undefined): ExplainedSide | undefined =>
  sides.find((side) => side.name === name)

/** Sides that hold bytes of the object, which could be read. */
export const sidesWithBytes = ({ sides, own }: Subject): readonly ExplainedSide[] =>
  sides.filter((side) => !side.listOnly && !(own && side.name === 'expected') && side.evidence !== undefined)
