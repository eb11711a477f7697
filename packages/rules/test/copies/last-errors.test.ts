import type { ProofReport } from '@backproof/core/history'
import { describe, expect, it } from 'vitest'
import { lastErrors } from '../../src/copies/last-errors.js'
import { compared, DAY, NOW, verified } from '../proof/report.js'
import { restoreTest } from '../restore-test.js'

const DISK = 'file:///srv/backup/shop'
const S3 = 's3://backups/shop/'
const OTHER = 's3://backups/other/'
const TERMS = { now: NOW, maxAge: 30 * DAY, samples: true }

const ask = (reports: readonly ProofReport[], uris: readonly string[] = [DISK, S3]) =>
  lastErrors(uris, reports, { ended: restoreTest(1) }, TERMS)

const damaged = (at: number): ProofReport =>
  compared(DISK, { [S3]: { match: 997, mismatch: 2, unreadable: 1, read: 997 } }, { at, name: 'damaged.json' })

describe('the last errors of an asset', () => {
  it('are none where both copies were read and compared', () => {
    expect(ask([compared(DISK, { [S3]: { match: 1_000, read: 1_000 } })])).toMatchObject({ errors: 0, doubts: [] })
  })

  it('are not known where copies were compared by stored digests', () => {
    const { errors, doubts } = ask([compared(DISK, { [S3]: { match: 1_000 } })])
    expect({ errors, doubts }).toEqual({
      errors: 0,
      doubts: [`no accepted report read ${DISK}`, `no accepted report read ${S3}`],
    })
  })

  it('are the most that one report found', () => {
    const reports = [damaged(NOW - DAY), verified(S3, { match: 999, mismatch: 1 })]
    expect(ask(reports)).toMatchObject({ errors: 3 })
  })

  it('count what a manifest names and a verification did not find', () => {
    expect(ask([verified(S3, { match: 995, missing: 5 })])).toMatchObject({ errors: 5 })
  })

  it('do not count what a comparison finds missing: that is a question of copies in step', () => {
    expect(ask([compared(DISK, { [S3]: { match: 995, missing: 5, read: 995 } })])).toMatchObject({ errors: 0 })
  })

  it('count also where the report is old, and filtered', () => {
    const at = NOW - 90 * DAY
    const old = verified(S3, { match: 9, mismatch: 1 }, { at, options: { include: ['*.db'], exclude: [] } })
    expect(ask([old])).toMatchObject({ errors: 1 })
  })

  it('are over once a later report has read all of both copies', () => {
    const later = compared(DISK, { [S3]: { match: 1_000, read: 1_000 } })
    expect(ask([damaged(NOW - DAY), later])).toMatchObject({ errors: 0 })
    expect(ask([later, damaged(NOW - DAY)])).toMatchObject({ errors: 0 })
    expect(ask([damaged(NOW), later]), 'the damage is newer').toMatchObject({ errors: 3 })
  })

  it('are not over where one of the two was read', () => {
    expect(ask([damaged(NOW - DAY), verified(S3, { match: 1_000 })])).toMatchObject({ errors: 3 })
  })

  it('are not those of a copy of something else', () => {
    const counts = { [S3]: { match: 1_000, read: 1_000 }, [OTHER]: { match: 990, mismatch: 10, read: 990 } }
    expect(ask([compared(DISK, counts)], [S3])).toMatchObject({ errors: 0, doubts: [] })
    expect(ask([compared(DISK, counts)], [OTHER])).toMatchObject({ errors: 10 })
    expect(ask([verified(OTHER, { match: 1, mismatch: 1 })])).toMatchObject({ errors: 0 })
  })

  it('are not told by a report without a date that can be read, or of tomorrow', () => {
    const undated = verified(S3, { match: 9, mismatch: 1 }, { asOf: { from: 'long ago', to: 'yesterday' } })
    const ahead = verified(S3, { match: 9, mismatch: 1 }, { at: NOW + DAY })
    const { errors, doubts, evidence } = ask([undated, ahead], [S3])
    expect({ errors, doubts }).toEqual({ errors: 0, doubts: [`no accepted report read ${S3}`] })
    expect(evidence).toHaveLength(1)
  })
})
