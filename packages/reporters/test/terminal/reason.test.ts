import type { ObjectFinding } from '@backproof/core/report'
import { describe, expect, it } from 'vitest'
import { reasonLine } from '../../src/terminal/reason.js'

const finding = (members: Partial<ObjectFinding>): ObjectFinding => ({
  key: 'dir/f',
  replica: 0,
  outcome: 'mismatch',
  reason: 'bytes',
  ...members,
})
const failed = (side: 'source' | 'replica', code: 'corrupt' | 'access-denied' | 'changed') =>
  ({ side, code, message: `told\n\u001b[2J ${code}` }) as const

describe('why, in words', () => {
  it.each<[string, Partial<ObjectFinding>]>([
    [
      'first difference at byte 1 of 2,048; B is the damaged one',
      { firstDifference: 0, sides: { source: { size: 2048 } }, rotten: 'replica' },
    ],
    ['the bytes differ; B is the damaged one: it breaks its own digest', { rotten: 'replica', rottenBy: 'own-digest' }],
    ['the bytes differ; A is the damaged one: the other copies outvote it', { rotten: 'source', rottenBy: 'minority' }],
    ['the bytes differ', { rotten: 'source', rottenBy: 'record' }],
    ['the sizes differ', { reason: 'size' }],
    [
      'same crc32c, put together from those of parts',
      {
        outcome: 'match',
        reason: 'digest',
        method: 'derived-digest',
        sides: {
          source: { digest: { algorithm: 'crc32c', value: '00000002', provenance: 'service', derived: 'parts' } },
        },
      },
    ],
    [
      'what is known of a side is older than policy accepts (list of 2026-11-01 01:00 UTC)',
      { outcome: 'unverifiable', reason: 'stale', sides: { replica: { asOf: Date.UTC(2026, 10, 1, 1) } } },
    ],
    [
      'crc32c 00000001 instead of 00000002',
      {
        reason: 'digest',
        sides: {
          source: { digest: { algorithm: 'crc32c', value: '00000002', provenance: 'service' } },
          replica: { digest: { algorithm: 'crc32c', value: '00000001', provenance: 'computed' } },
        },
      },
    ],
    [
      'mode 644 instead of 755, owner 0:0 instead of 1:1',
      {
        reason: 'metadata',
        metadata: [
          { field: 'mode', source: '755', replica: '644' },
          { field: 'owner', source: '1:1', replica: '0:0' },
        ],
      },
    ],
    ['an ordinary file on one side, a link or special file on the other', { reason: 'kind' }],
    [
      'told \\x1b[2J corrupt (B)',
      { outcome: 'unreadable', reason: 'read-failed', error: failed('replica', 'corrupt') },
    ],
    [
      'changed while it was read (A)',
      { outcome: 'changed', reason: 'changed-while-read', error: failed('source', 'changed') },
    ],
    [
      'several keys become this one: F, f\\n',
      { outcome: 'unverifiable', reason: 'key-collision', collidingKeys: ['F', 'f\n'] },
    ],
    ['not in C', { outcome: 'missing', reason: 'absent', replica: 1 }],
  ])('%s', (words, members) => {
    expect(reasonLine(finding(members))).toBe(words)
  })

  it('has words for every reason there is', () => {
    const reasons = [
      'no-common-digest',
      'no-digest',
      'below-required-grade',
      'below-required-strength',
      'claim-differs',
      'archived',
      'stale',
      'newer-than-list',
      'budget',
      'read-ceiling',
      'special',
    ] as const
    for (const reason of reasons) expect(reasonLine(finding({ outcome: 'unverifiable', reason }))).not.toBe(reason)
  })
})
