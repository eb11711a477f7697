import type { ObjectFinding } from '@backproof/core/report'
import { describe, expect, it } from 'vitest'
import { nextCommand } from '../../src/output/next-command.js'
import type { Parties } from '../../src/output/parties.js'
import { reasonLine } from '../../src/output/reason.js'
import type { Place } from '../../src/places/resolve-place.js'

const directory = (path: string): Place => ({ kind: 'directory', given: path, path })
const remote = (uri: string): Place => ({
  kind: 'uri',
  given: uri,
  uri,
  provider: {
    specifier: 'x',
    descriptor: {
      specVersion: 'v1',
      name: 'x',
      schemes: ['x'],
      fromUri: () => {
        throw new Error('not opened here')
      },
    },
  },
})
const local: Parties = { kind: 'compare', source: directory('/a'), replicas: [directory('/b'), directory('/c')] }
const mixed: Parties = { kind: 'compare', source: directory('/a'), replicas: [remote('x://bucket')] }

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

describe('the command to run next', () => {
  it.each<[string, Partial<ObjectFinding>]>([
    ['cmp -- /a/dir/f /c/dir/f', { replica: 1 }],
    ['stat -- /a/dir/f /b/dir/f', { reason: 'metadata' }],
    ['ls -ld -- /a/dir/f /b/dir/f', { reason: 'link-target' }],
    ['ls -la -- /b/dir', { outcome: 'missing', reason: 'absent' }],
    [
      'dd if=/b/dir/f of=/dev/null bs=1M',
      { outcome: 'unreadable', reason: 'read-failed', error: failed('replica', 'corrupt') },
    ],
    ['ls -ld -- /a/dir/f', { outcome: 'error', reason: 'read-failed', error: failed('source', 'access-denied') }],
    [
      "backproof compare --include='a\\[1\\] \\*' -- /a /b /c",
      { key: 'a[1] *', outcome: 'changed', reason: 'changed-while-read' },
    ],
  ])('%s', (command, members) => {
    expect(nextCommand(finding(members), local)).toBe(command)
  })

  it('names what could decide an undecided object, and nothing where nothing could', () => {
    const next = (reason: ObjectFinding['reason'], parties = mixed) =>
      nextCommand(finding({ outcome: 'unverifiable', reason }), parties)
    expect(next('claim-differs')).toBe('backproof compare --require read --include=dir/f -- /a x://bucket')
    expect(next('special', local)).toBe('ls -ld -- /a/dir/f')
    expect(next('below-required-strength')).toBeUndefined()
    const alone = { ...local, kind: 'verify', replicas: [] } as const
    expect(next('no-digest', alone)).toMatch(/^backproof hash -r -- \/a > SHA256SUMS /)
  })

  it('asks nobody to read a list', () => {
    const replicas: readonly Place[] = [{ kind: 'rclone', given: 'rclone-list:l', path: '/l' }]
    const listed = { ...local, replicas }
    expect(nextCommand(finding({ reason: 'digest' }), listed)).toBeUndefined()
    expect(nextCommand(finding({ outcome: 'unverifiable', reason: 'claim-differs' }), listed)).toBeUndefined()
  })

  it('reads both sides where one is no file, and names no file it does not know', () => {
    const again = 'backproof compare --require read --include=dir/f -- /a x://bucket'
    expect(nextCommand(finding({ reason: 'digest' }), mixed)).toBe(again)
    expect(nextCommand(finding({ outcome: 'extra', reason: 'absent' }), mixed)).toBeUndefined()
    expect(nextCommand(finding({}), { ...local, normalised: true })).toMatch(/^backproof compare --require read/)
  })
})
