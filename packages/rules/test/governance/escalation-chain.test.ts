import type { EscalationPath } from '@backproof/core/audit'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { escalationChain, newLevels } from '../../src/governance/escalation-chain.js'

const ids = ['a', 'b', 'c', 'd', 'e', 'f']
const paths: fc.Arbitrary<readonly EscalationPath[]> = fc
  .tuple(...ids.map((id) => fc.record({ id: fc.constant(id), next: fc.constantFrom(undefined, ...ids, 'gone') })))
  .map((all) =>
    all.map(({ id, next }) => ({
      id,
      levels: [{ contacts: [`contact-${id}`] }],
      // biome-ignore lint/suspicious/noThenProperty: a member of the format; nobody awaits it
      ...(next !== undefined && { then: next }),
    })),
  )

it('a chain comes to an end, in one of three ways, and visits each path once', () => {
  fc.assert(
    fc.property(paths, (escalation) => {
      const chain = escalationChain({ escalation }, 'a')
      expect(new Set(chain.paths).size).toBe(chain.paths.length)
      expect(chain.levels.map(({ path }) => path.id)).toEqual(chain.paths)
      const nextOf = (id: string | undefined): string | undefined => escalation.find((path) => path.id === id)?.then
      expect(chain.paths.slice(1)).toEqual(chain.paths.slice(0, -1).map(nextOf))

      const next = nextOf(chain.paths.at(-1))
      if (next === undefined) expect([chain.missing, chain.circle]).toEqual([undefined, undefined])
      else if (chain.paths.includes(next)) expect([chain.missing, chain.circle]).toEqual([undefined, next])
      else expect([chain.missing, chain.circle]).toEqual(['gone', undefined])
    }),
  )
})

it('a level counts where it names somebody whom none before names', () => {
  const path: EscalationPath = { id: 'a', levels: [] }
  const levels = [['ann'], ['ann'], [], ['bob', 'ann'], ['bob']].map((contacts) => ({
    path,
    contacts,
    withinMinutes: undefined,
  }))
  expect(newLevels(levels)).toBe(2)
})
