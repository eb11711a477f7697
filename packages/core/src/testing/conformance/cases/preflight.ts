import { isDeepStrictEqual } from 'node:util'
import type { PreflightCheck } from '../../../source/preflight.js'
import type { CaseDefinition } from '../case-definition.js'
import { check, checkAborts } from '../check.js'
import { offers } from '../conditions.js'
import { objectOf } from '../content.js'

const few = [objectOf('a'), objectOf('b/c')]
const STATUSES: readonly string[] = ['ok', 'notice', 'problem', 'unknown']

export const preflightCases: readonly CaseDefinition[] = [
  {
    name: 'preflight-checks',
    title: 'tells what it tried before a run, with a fix for every problem and without secrets',
    when: offers('preflight'),
    run: async ({ harness, open }) => {
      // An empty place has checks too: what cannot be tried there is told.
      for (const content of [few, []]) {
        const checks = await (await open(content)).preflight!()
        check(checks.length > 0, () => 'preflight tried nothing.')
        checkAll(checks)
        const text = JSON.stringify(checks)
        for (const secret of harness.secrets ?? []) {
          check(!text.includes(secret), () => 'A check of preflight holds a secret of the harness.')
        }
      }
    },
  },
  {
    name: 'abort-preflight',
    title: 'rejects preflight with the reason of a signal that is aborted',
    when: offers('preflight'),
    run: async ({ open, promptMs }) => {
      const source = await open(few)
      const reason = new Error('the reason of this abort')
      const signal = AbortSignal.abort(reason)
      await checkAborts(() => source.preflight!({ signal }), reason, promptMs, 'preflight')
    },
  },
]

const checkAll = (checks: readonly PreflightCheck[]): void => {
  const ids = new Set<string>()
  for (const one of checks) {
    const { id, title, status, detail, fix } = one
    check(isDeepStrictEqual(JSON.parse(JSON.stringify(one)), one), () => `The check ${id} is not plain JSON.`)
    check(/^[a-z][a-z0-9-]*$/.test(id), () => `The check ${JSON.stringify(id)} has no stable word as its id.`)
    check(!ids.has(id), () => `Two checks have the id ${id}.`)
    ids.add(id)
    check(title !== '' && detail !== '', () => `The check ${id} says nothing to people.`)
    check(STATUSES.includes(status), () => `The check ${id} has the status ${JSON.stringify(status)}.`)
    check(status !== 'problem' || (fix ?? '') !== '', () => `The check ${id} is a problem, and says nothing of a fix.`)
  }
}
