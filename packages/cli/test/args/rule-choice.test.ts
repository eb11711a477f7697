import {
  choiceOption,
  defineRule,
  durationOption,
  flagOption,
  numberOption,
  type RuleFactory,
  textsOption,
} from '@backproof/core/audit'
import { describe, expect, it } from 'vitest'
import { chosenRules } from '../../src/args/rule-choice.js'

const said = { source: 'own choice', description: 'An option.' }
const tape = defineRule({
  id: 'acme/tape-rotation',
  title: 'Tapes rotate',
  description: ['They do.'],
  rationale: 'Tapes wear out.',
  category: 'jobs',
  severity: 'low',
  scope: 'estate',
  since: '1.0.0',
  clauses: [],
  remediation: { action: 'Rotate them' },
  messages: { good: { status: 'pass', text: 'they do' } },
  options: {
    percent: numberOption({ ...said, default: 98, max: 100, step: 0.1, unit: 'percent', stricter: 'higher' }),
    runs: numberOption({ ...said, default: 10, unit: 'runs', stricter: 'higher' }),
    age: durationOption({ ...said, default: 86_400_000, stricter: 'lower' }),
    count: choiceOption({ ...said, default: 'all', choices: ['all', 'some'] }),
    loud: flagOption({ ...said, default: false }),
    paths: textsOption({ ...said, default: [] }),
  },
  evaluate: () => ({ message: 'good' }),
}) as unknown as RuleFactory
const optionsOf = (...given: readonly string[]) => chosenRules(given, [tape]).map(({ options }) => options)
const NOTHING = { percent: 98, runs: 10, age: 86_400_000, count: 'all', loud: false, paths: [] }

describe('--rule', () => {
  it.each([
    ['acme/tape-rotation', {}],
    ['acme/tape-rotation:percent=99.5,runs=3', { percent: 99.5, runs: 3 }],
    ['acme/tape-rotation:age=36h,count=some', { age: 129_600_000, count: 'some' }],
    ['acme/tape-rotation:loud', { loud: true }],
    ['acme/tape-rotation:loud=false', {}],
    ['acme/tape-rotation:paths=/a=b:c,paths=/d', { paths: ['/a=b:c', '/d'] }],
  ])('%s', (given, options) => {
    expect(optionsOf(given)).toEqual([{ ...NOTHING, ...options }])
  })

  it.each([
    ['acme/tape-rotations', /^there is no rule "acme\/tape-rotations"\nDid you mean acme\/tape-rotation\?/],
    ['xyz', /^there is no rule "xyz"\n`backproof rules` lists all 1\./],
    ['acme/tape-rotation:', /ends before its options/],
    ['acme/tape-rotation:percents=9', /no option "percents"\nDid you mean percent\?/],
    ['acme/tape-rotation:toString=9', /no option "toString"\n.*Known: percent, runs, age, count, loud, paths\./],
    ['acme/tape-rotation:percent', /option percent has no value\nIt must be a number of percent from 0 to 100\./],
    ['acme/tape-rotation:percent=', /option percent is ""/],
    ['acme/tape-rotation:percent=101', /option percent is "101"\nIt must be a number of percent from 0 to 100\./],
    ['acme/tape-rotation:percent=0x10', /option percent is "0x10"/],
    ['acme/tape-rotation:runs=1.5', /option runs is "1.5"\nIt must be a whole number/],
    ['acme/tape-rotation:age=7', /option age is "7"\nIt must be a time span/],
    ['acme/tape-rotation:count=none', /option count is "none"\nIt must be one of all, some\./],
    ['acme/tape-rotation:loud=yes', /option loud is "yes"\nIt must be true or false\./],
    ['acme/tape-rotation:runs=1,runs=2', /option runs was given twice/],
  ])('refuses %s', (given, message) => {
    expect(() => optionsOf(given)).toThrow(message)
  })

  it('refuses a rule twice', () => {
    expect(() => optionsOf('acme/tape-rotation', 'acme/tape-rotation:runs=1')).toThrow(/given twice/)
  })
})
