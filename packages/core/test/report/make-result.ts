import { OUTCOMES, type Outcome } from '../../src/evidence/evidence.js'
import {
  type Coverage,
  createTally,
  hashOptions,
  inRange,
  inShard,
  type ObjectFinding,
  REPORT_SCHEMA,
  type RunResult,
  type SourceIdentity,
} from '../../src/report/index.js'
import type { JsonValue } from '../../src/source/entry.js'

export const identity = (uri: string, more: Partial<SourceIdentity> = {}): SourceIdentity => ({
  uri,
  objects: 0,
  bytes: 0,
  excluded: {},
  bytesRead: 0,
  ...more,
})

export interface MakeResult {
  readonly findings?: readonly ObjectFinding[]
  readonly replicas?: number
  readonly findingsLimit?: number
  readonly options?: Readonly<Record<string, JsonValue>>
  readonly piece?: Coverage
  readonly more?: Partial<RunResult>
}

/** The result that a run over `findings` has, limited to `piece`. */
export const makeResult = (given: MakeResult = {}): RunResult => {
  const { findings = [], replicas = 1, findingsLimit = 1_000, options = { extras: 'fail' }, piece = {} } = given
  const tally = createTally({ replicas, findingsLimit, extras: options['extras'] === 'allow' ? 'allow' : 'fail' })
  const inPiece = findings.filter(
    ({ key }) =>
      (piece.range === undefined || inRange(key, piece.range)) &&
      (piece.shard === undefined || inShard(key, piece.shard)),
  )
  for (const finding of inPiece) tally.add(finding)
  const whole = piece.range === undefined && piece.shard === undefined
  const sizes = inPiece.filter(({ replica }) => (replica ?? 0) === 0).map(({ sides }) => sides?.source?.size)
  const objects = sizes.filter((size) => size !== undefined)
  return {
    schema: REPORT_SCHEMA,
    kind: 'compare',
    asOf: { from: '2026-11-20T00:00:00.000Z', to: '2026-11-20T00:00:00.000Z' },
    source: identity('file:///a', { objects: objects.length, bytes: objects.reduce((sum, size) => sum + size, 0) }),
    replicas: Array.from({ length: replicas }, (_, i) => identity(`file:///${'bcdefgh'[i]}`)),
    options,
    optionsHash: hashOptions(options),
    covered: [piece],
    complete: whole,
    incomplete: whole ? [] : [{ reason: 'gap' }],
    ...tally.snapshot(),
    ...given.more,
  }
}

/** A finding as an engine makes it, of a 10-byte object compared byte for byte. */
export const makeFinding = (
  key: string,
  outcome: Outcome = 'match',
  more: Partial<ObjectFinding> = {},
): ObjectFinding => ({
  key,
  replica: 0,
  outcome,
  reason: outcome === 'missing' || outcome === 'extra' ? 'absent' : 'bytes',
  method: 'bytes',
  ...(outcome === 'match' && { grade: 'read' as const }),
  sides: {
    ...(outcome !== 'extra' && { source: { size: 10, bytesRead: 10 } }),
    ...(outcome !== 'missing' && { replica: { size: 10, bytesRead: 10 } }),
  },
  ...more,
})

export const matches = (count: number, more: Partial<ObjectFinding> = {}): ObjectFinding[] =>
  Array.from({ length: count }, (_, i) => makeFinding(`k${String(i).padStart(6, '0')}`, 'match', more))

export { OUTCOMES }
