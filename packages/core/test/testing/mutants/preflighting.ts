import type { PreflightCheck } from '../../../src/source/index.js'
import type { MemorySource } from '../../../src/testing/index.js'
import { but, type Mutant } from './mutant.js'

const good: PreflightCheck = { id: 'read', title: 'read an object', status: 'ok', detail: 'It came.' }

/** The memory source with a check before runs. */
export const preflighting =
  (checks: readonly PreflightCheck[]) =>
  (memory: MemorySource): ReturnType<Mutant['make']> =>
    but(memory, {
      preflight: async (options) => {
        options?.signal?.throwIfAborted()
        return checks
      },
    })

export const honestPreflight = preflighting([good, { ...good, id: 'list', status: 'problem', fix: 'Allow it.' }])

const offers = ['dispose', 'preflight'] as const

const telling = (name: string, checks: readonly PreflightCheck[]): Mutant => ({
  name,
  caught: ['preflight-checks'],
  harness: { offers, secrets: ['hunter2'] },
  make: preflighting(checks),
})

export const preflightMutants: readonly Mutant[] = [
  telling('tries nothing in preflight', []),
  telling('has a problem without a fix', [{ ...good, status: 'problem' }]),
  telling('has two checks of one id', [good, good]),
  telling('has an id that is a sentence', [{ ...good, id: 'Read an object' }]),
  telling('has a status of its own', [{ ...good, status: 'fine' as 'ok' }]),
  telling('says nothing about a check', [{ ...good, detail: '' }]),
  telling('tells a secret in preflight', [{ ...good, detail: 'It came with hunter2.' }]),
  telling('gives checks that are no plain data', [{ ...good, when: new Date() } as PreflightCheck]),
  {
    name: 'goes on with preflight after an abort',
    caught: ['abort-preflight'],
    harness: { offers },
    make: (memory) => but(memory, { preflight: async () => [good] }),
  },
  {
    name: 'has a preflight that nobody checks',
    caught: ['members-as-promised'],
    make: honestPreflight,
  },
]
