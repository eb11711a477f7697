import { BackupError, type BackupErrorJson, toBackupError } from '../errors.js'
import type { ObjectFinding } from '../report/finding.js'
import { abortable, sleep } from '../run/abort.js'
import type { LocalJob, LocalJobFile } from '../run/local-jobs.js'
import type { Observation } from '../run/object-reader.js'
import { retryDelay, withRetry } from '../run/retry.js'
import type { ObjectEntry, ObjectInfo } from '../source/entry.js'
import { keyToBytes } from '../source/key.js'
import { withDates } from './dated.js'
import { driftOf } from './drift.js'
import { judgeMetadata } from './metadata.js'
import { nameMinority, registerVotes } from './minority.js'
import type { ProveContext } from './prove-context.js'
import { refuseReads } from './refusals.js'
import type { Row } from './row.js'
import { entryOf, type RowWork } from './row-state.js'
import { concludeReads, isOpen, openRow, reopenRow, resumeRow } from './row-work.js'
import { affordable, askedRow, sameState, withoutQuestions, withStatDigests } from './stat-digests.js'
import { checkedEntry } from './told-entry.js'

/** Proves a batch of rows: findings by key, then replica. Local files are read in one batch, other objects by requests. */
export const proveBatch = async (rows: readonly Row[], context: ProveContext): Promise<readonly ObjectFinding[]> => {
  const works = (await withStatDigests(rows, context)).map((row) => openRow(row, context))
  let open = works.filter(isOpen)
  while (open.length > 0) {
    const asking = open.filter(({ ask }) => ask.size > 0)
    if (asking.length > 0) {
      const asks = asking.map((work) => affordable(work.ask, work.row, context))
      await Promise.all(asking.map((work, i) => answer(work, asks[i]!, context)))
      open = open.filter(isOpen)
      continue
    }
    if (context.spending !== undefined) for (const work of open) refuseReads(work, context.spending, context)
    await readRound(open, context)
    const restarts = open.filter((work) => mayRestart(work, context))
    for (const work of open) if (!restarts.includes(work)) concludeReads(work, context)
    await Promise.all(restarts.map((work) => restart(work, context)))
    open = open.filter(isOpen)
  }
  await vote(works, context)
  for (const work of works) {
    work.observed.forEach((observation, i) => {
      if (observation !== undefined) context.bytesRead[i]! += observation.bytesRead
    })
  }
  if (context.metadata.length > 0) await Promise.all(works.map((work) => addMetadata(work, context)))
  const findings: ObjectFinding[] = []
  for (const work of works) addFindings(findings, work, context)
  return findings
}

/** Where several copies were compared, has most of them name the rotten ones. */
const vote = async (works: readonly RowWork[], context: ProveContext): Promise<void> => {
  if (context.parties.length < 3) return
  const contested = works.filter((work) => registerVotes(work, context))
  if (contested.length > 0) {
    if (context.spending !== undefined) for (const work of contested) refuseReads(work, context.spending, context)
    await readRound(contested, context)
    for (const work of contested) work.needs.fill(undefined)
  }
  for (const work of works) nameMinority(work, context)
}

/** Makes every read that the open rows wait for, and notes what came of it. */
const readRound = async (open: readonly RowWork[], context: ProveContext): Promise<void> => {
  const jobs: LocalJob[] = []
  const places: { work: RowWork; sides: number[] }[] = []
  const streams: Promise<void>[] = []
  for (const work of open) {
    const files: LocalJobFile[] = []
    const sides: number[] = []
    work.needs.forEach((need, side) => {
      if (need === undefined) return
      const entry = entryOf(work, side)
      const party = context.parties[side]!
      const file = work.files[side]
      const algorithms = [...need.algorithms]
      if (file !== undefined) {
        files.push({ file, algorithms, compareToFirst: need.compare })
        sides.push(side)
      } else {
        const read = context.stream
          .digest(party, entry, algorithms, context.policy.ownDigests === true)
          .then((observation) => {
            observe(work, side, observation, context)
          })
        streams.push(read)
      }
    })
    if (files.length > 0) {
      jobs.push({ files })
      places.push({ work, sides })
    }
  }
  const local = jobs.length === 0 ? Promise.resolve([]) : context.local.run(jobs)
  const [results] = await Promise.all([local, ...streams])
  results.forEach((result, job) => {
    const { work, sides } = places[job]!
    sides.forEach((side, file) => {
      observe(work, side, result[file]!, context)
    })
  })
}

const observe = (work: RowWork, side: number, now: Observation, { spending }: ProveContext): void => {
  work.observed[side] = together(work.observed[side], now)
  // Nobody knew before how much it would be.
  if (entryOf(work, side).size === undefined) spending?.count(now.bytesRead)
}

/** What reading a side again, for more digests, adds to what reading it before gave. */
const together = (before: Observation | undefined, now: Observation): Observation =>
  before === undefined || now.error !== undefined
    ? now
    : { ...before, ...now, bytesRead: before.bytesRead + now.bytesRead, digests: { ...before.digests, ...now.digests } }

/** Asks for the digests that open pairs wait for. What was replaced since it was read is started over, once. */
const answer = async (work: RowWork, sides: ReadonlySet<number>, context: ProveContext): Promise<void> => {
  const refused = [...work.ask].filter((side) => !sides.has(side))
  const asked = withoutQuestions(await askedRow(work.row, sides, context), refused)
  const replaced = asked.entries.map((side, i) => {
    const before = work.row.entries[i]?.entry
    const read = work.observed[i] !== undefined && before !== undefined && side !== undefined
    return read && side.entry.problem === undefined && !sameState(before, side.entry)
  })
  if (!replaced.includes(true)) return resumeRow(work, asked, context)
  context.meter.retry()
  if (work.restarts < 1) return reopenRow(work, asked.entries, context)
  const entries = asked.entries.map((side, i) =>
    replaced[i] === true ? { ...side!, entry: { ...side!.entry, problem: REPLACED } } : side,
  )
  resumeRow(work, { ...asked, entries }, context)
}

const REPLACED: BackupErrorJson = { code: 'changed', message: 'The object was replaced after it was read.' }

/** An object that changed is looked at once more; a local fault that may pass, as often as policy says. */
const mayRestart = (work: RowWork, context: ProveContext): boolean =>
  work.observed.some((observation, side) => {
    const error = observation?.error
    if (error === undefined || work.needs[side] === undefined) return false
    if (error.code === 'changed') return work.restarts < 1
    // Reads by request have had their retries.
    return work.files[side] !== undefined && isPassing(error) && work.restarts < context.retry.attempts - 1
  })

const isPassing = (error: BackupErrorJson): boolean => new BackupError(error).retryable

const restart = async (work: RowWork, context: ProveContext): Promise<void> => {
  context.meter.retry()
  const faults = work.observed.flatMap((observation) => observation?.error ?? [])
  if (faults.some(isPassing)) await sleep(retryDelay(undefined, work.restarts + 2, context.retry), context.signal)
  const entries = await Promise.all(
    work.row.entries.map(async (joined, side) =>
      joined === undefined || work.needs[side] === undefined
        ? joined
        : { ...joined, entry: await refreshed(joined.entry, side, context) },
    ),
  )
  // Its own digests are those of the version that is read.
  if (context.policy.ownDigests === true) entries[0] = entries[1]
  reopenRow(work, entries, context)
}

/** The entry as it is now; one that cannot be looked at any more carries the problem. */
const refreshed = async (entry: ObjectEntry, side: number, context: ProveContext): Promise<ObjectEntry> => {
  try {
    return checkedEntry(await statOf(entry, side, context.policy.ownDigests === true ? ['digests'] : [], context))
  } catch (error) {
    if (context.signal.aborted) throw error
    return { ...entry, problem: toBackupError(error, { operation: 'stat', subject: entry.key }).toJSON() }
  }
}

const statOf = (
  entry: ObjectEntry,
  side: number,
  want: readonly string[],
  context: ProveContext,
): Promise<ObjectInfo> => {
  const { signal, meter, retry } = context
  const { source } = context.parties[side]!
  const call = (): Promise<ObjectInfo> =>
    withRetry(
      () => {
        meter.request('stat')
        return abortable(source.stat(entry.ref, { want, signal, onRequest: meter.operation }), signal)
      },
      { policy: retry, signal, onRetry: meter.retry },
    )
  // The gate is for the network: on local files it would only stand in the way of batching.
  return source.localFile?.(entry.ref) !== undefined ? call() : context.gate(call)
}

const addMetadata = async (work: RowWork, context: ProveContext): Promise<void> => {
  const infos = new Map<number, Promise<ObjectInfo>>()
  const info = (side: number): Promise<ObjectInfo> => {
    let call = infos.get(side)
    if (call === undefined) {
      const want = context.metadata.includes('xattrs') ? ['metadata', 'xattrs'] : ['metadata']
      call = statOf(entryOf(work, side), side, want, context)
      infos.set(side, call)
    }
    return call
  }
  await Promise.all(
    work.pairs.map(async (pair) => {
      if (pair.judgement === undefined || pair.judgement === 'nothing' || pair.judgement.outcome !== 'match') return
      const sides = [0, pair.subject] as const
      // Asked for before the first wait, so in the order of keys.
      const refused = sides
        .filter((side) => !infos.has(side))
        .map((side) => context.spending?.ask(side, entryOf(work, side), 1))
        .find((refusal) => refusal !== undefined)
      if (refused !== undefined) {
        const { grade: _, ...known } = pair.judgement
        pair.judgement = { ...known, outcome: 'unverifiable', reason: refused }
        return
      }
      const settled = await Promise.allSettled(sides.map(info))
      if (context.signal.aborted) throw context.signal.reason
      const names = sides.map((side) => context.parties[side]!.name)
      pair.judgement = judgeMetadata(pair.judgement, context.metadata, names as [never, never], settled as never)
    }),
  )
}

const addFindings = (findings: ObjectFinding[], work: RowWork, context: ProveContext): void => {
  const { key } = work.row
  for (const pair of work.pairs) {
    if (pair.judgement === undefined || pair.judgement === 'nothing') continue
    const judgement = withDates(pair.judgement, work, pair, context)
    const { replica } = context.parties[pair.subject]!
    // Most findings are of this shape; spreading conditional members for each would cost more than judging it.
    const finding: { -readonly [K in keyof ObjectFinding]: ObjectFinding[K] } =
      replica === undefined ? { key, ...judgement } : { key, replica, ...judgement }
    if (context.drift && judgement.outcome !== 'match') {
      const drift = driftOf(finding, work.row.entries[0]?.entry, work.row.entries[1]?.entry)
      if (drift !== undefined) finding.drift = drift
    }
    findings.push(key.isWellFormed() ? finding : { ...finding, keyBytes: Buffer.from(keyToBytes(key)).toString('hex') })
  }
}
