import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/evidence/evidence.js'
import { exitCode, type RunResult } from '../../src/report/index.js'
import { makeFinding, makeResult, matches } from './make-result.js'

const withOutcomes = (found: readonly Outcome[], more: Partial<RunResult> = {}, extras = 'fail'): RunResult =>
  makeResult({ findings: found.map((outcome, i) => makeFinding(`k${i}`, outcome)), options: { extras }, more })

const incomplete = { complete: false, incomplete: [{ reason: 'aborted' }] } as const

describe('exitCode', () => {
  it.each<[string, RunResult, 0 | 1 | 3]>([
    ['all match', withOutcomes(['match', 'match']), 0],
    ['mismatch', withOutcomes(['match', 'mismatch']), 1],
    ['missing', withOutcomes(['match', 'missing']), 1],
    ['extra', withOutcomes(['match', 'extra']), 1],
    ['unreadable', withOutcomes(['match', 'unreadable']), 1],
    ['changed', withOutcomes(['match', 'changed']), 3],
    ['unverifiable', withOutcomes(['match', 'unverifiable']), 3],
    ['error', withOutcomes(['match', 'error']), 3],
    ['allowed extra', withOutcomes(['match', 'extra'], {}, 'allow'), 0],
    ['allowed extra and missing', withOutcomes(['match', 'extra', 'missing'], {}, 'allow'), 1],
    ['nothing but allowed extras', withOutcomes(['extra'], {}, 'allow'), 3],
    ['zero objects', withOutcomes([]), 3],
    ['incomplete', withOutcomes(['match'], incomplete), 3],
    ['1 beats 3', withOutcomes(['match', 'error', 'missing'], incomplete), 1],
    ['a part only', makeResult({ findings: matches(9), piece: { range: { to: 'z' } } }), 3],
    ['a replica without a match', makeResult({ findings: matches(9), replicas: 2 }), 3],
  ])('%s', (_, result, code) => {
    expect(exitCode(result)).toBe(code)
  })
})
