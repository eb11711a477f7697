import { type CompareOptions, compare } from '@backproof/core/compare'
import type { Plan, PlannedSide, RunResult } from '@backproof/core/report'
import type { BackupSource } from '@backproof/core/source'
import { type VerifyOptions, verify } from '@backproof/core/verify'
import type { GcsServer, S3Server } from '@backproof/test-servers'

/** What was done, or is planned, at all places together; bytes by side, in the order of the sides. */
export interface Use {
  readonly requests: Readonly<Record<'list' | 'stat' | 'read', number>>
  readonly bytes: readonly number[]
  readonly proofs: Plan['proofs']
  readonly grades: Plan['grades']
}

export interface Rehearsed {
  readonly planned: Use
  readonly done: Use
  readonly plan: Plan
  readonly result: RunResult
}

/** How the servers name requests of each kind. */
const OPERATIONS = {
  list: ['ListObjectsV2', 'objects.list'],
  stat: ['HeadObject', 'GetObjectAttributes', 'objects.get'],
  read: ['GetObject', 'objects.getMedia'],
} as const

type Servers = readonly (S3Server | GcsServer)[]

const countOf = (servers: Servers, kind: keyof typeof OPERATIONS): number =>
  servers.flatMap(({ requests }) => OPERATIONS[kind].map((name) => requests.count(name))).reduce((a, b) => a + b, 0)

const countsOf = (servers: Servers): Use['requests'] => ({
  list: countOf(servers, 'list'),
  stat: countOf(servers, 'stat'),
  read: countOf(servers, 'read'),
})

const sidesOf = <S>({
  source,
  replicas,
  expected,
}: {
  readonly source: S
  readonly replicas: readonly S[]
  readonly expected?: S | undefined
}): readonly S[] => [source, ...replicas, ...(expected === undefined ? [] : [expected])]

/** Plans a run and then makes it: what its plan says beside what the servers and the result tell. Closes the places. */
export const rehearse = async (
  servers: Servers,
  options: CompareOptions | VerifyOptions,
  run = 'replicas' in options ? compare(options) : verify(options),
): Promise<Rehearsed> => {
  const places: readonly BackupSource[] = 'replicas' in options ? sources(options) : [options.source as BackupSource]
  try {
    for (const { requests } of servers) requests.reset()
    const plan = await run.plan()
    const whilePlanned = countsOf(servers)
    if (whilePlanned.stat + whilePlanned.read > 0) throw new Error('A plan asked or read an object.')
    for (const { requests } of servers) requests.reset()
    const { result } = await run.report()
    return {
      plan,
      result,
      planned: {
        requests: plan.requests,
        bytes: sidesOf<PlannedSide>(plan).map(({ bytesToRead }) => bytesToRead),
        proofs: plan.proofs,
        grades: plan.grades,
      },
      done: {
        requests: countsOf(servers),
        bytes: sidesOf(result).map(({ bytesRead }) => bytesRead),
        proofs: result.totals.methods,
        grades: result.totals.grades,
      },
    }
  } finally {
    for (const place of places) await place[Symbol.asyncDispose]?.()
  }
}

const sources = ({ source, replicas }: CompareOptions): readonly BackupSource[] =>
  [source, ...replicas].map((side) => ('source' in side ? side.source : side))
