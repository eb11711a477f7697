import type { ObjectFinding } from '@backproof/core/report'
import { describe, expect, it } from 'vitest'
import { nextCommand } from '../../src/output/next-command.js'
import type { Parties } from '../../src/output/parties.js'
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
