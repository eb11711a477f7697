import { fileURLToPath } from 'node:url'
import type { HistoryPlace, PolicyHistories } from '@backproof/core/policy'
import { describe, expect, it } from 'vitest'
import { openHistories } from '../../src/audit/open-histories.js'
import { prepare } from '../../src/prepare.js'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const declared = { file: 'policy.yaml', line: 7 }
const NOTHING: PolicyHistories = { jobs: [], recoveryPoints: [], drills: [], capacity: [], reports: [] }
const place = (more: Partial<HistoryPlace>): PolicyHistories => ({
  ...NOTHING,
  recoveryPoints: [{ kind: 'place', source: HERE, pattern: '{asset}/{date:YYYY-MM-DD}/**', declared, ...more }],
})
const opened = async (histories: PolicyHistories) => openHistories(histories, await prepare({}))

describe('the histories of a policy', () => {
  it('become sources of the right kind; reports together are one', async () => {
    const file = (name: string) => ({ kind: 'file', file: `${HERE}${name}`, declared }) as const
    const collectors = await opened({
      jobs: [file('a.jsonl'), file('b.jsonl')],
      recoveryPoints: [file('p.jsonl'), ...place({ asset: 'shop', pattern: '{date:YYYYMMDD}.dump' }).recoveryPoints],
      drills: [file('d.jsonl')],
      capacity: [file('c.jsonl'), { kind: 'disk', path: HERE, store: 'disk', declared }],
      reports: [file('r.json'), file('s.json')],
    })
    expect(collectors.map((one) => ('history' in one ? one.history : one.provides[0])?.name)).toEqual([
      'job.runs',
      'job.runs',
      'recovery.points',
      'recovery.points',
      'restore.drills',
      'capacity.samples',
      'capacity.samples',
      'proof.reports',
    ])
    expect(collectors[0]?.id).toMatch(/a\.jsonl$/)
  })

  it.each([
    ['an unknown scheme', place({ source: 's4://b' }), /^policy\.yaml:7: no provider knows s4:\/\/\nDid you mean s3/],
    ['a pattern that is none', place({ pattern: '{date:YYYY}' }), /^policy\.yaml:7: The pattern .* no MM;.*\nCorrect/],
    ['an asset that nobody names', place({ pattern: '{date:YYYYMMDD}' }), /^policy\.yaml:7: .*the option asset/],
  ])('refuse %s, with the line', async (_, histories, message) => {
    await expect(opened(histories)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(message),
    })
  })
})
