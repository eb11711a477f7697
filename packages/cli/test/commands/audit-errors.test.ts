import { describe, expect, it } from 'vitest'
import { backproof, shell } from '../support/cli.js'
import { temporaryDirectory, writeTree } from '../support/tree.js'

const FINE = `schema: backproof.policy/v1
assets:
  - id: shop
`
const FILES = {
  'fine.yaml': FINE,
  'wrong.yaml': `schema: backproof.policy/v1
assets:
  - id: shop
    critcality: critical
    plans: [nightly]
plans:
  - id: nightly
    schedules:
      - cron: 0 0 30 2 *
        timezone: Europe/Berlin
histories:
  jobs:
    - file: nowhere.jsonl
rules:
  job-sucess-rate:
  job-not-missed:
    options: { tolerance: 5 }
`,
  'circle.yaml': 'schema: backproof.policy/v1\nextends:\n  - other.yaml\n',
  'other.yaml': 'schema: backproof.policy/v1\nextends: [circle.yaml]\n',
  'place.yaml': `${FINE}histories:\n  recoveryPoints:\n    - source: nowhere\n      pattern: '{asset}/{date:YYYY-MM-DD}/**'\n`,
}
const folder = (): string => writeTree(temporaryDirectory(), FILES)

describe('2: a policy or a command line that cannot work, with what was wrong, where, and what to do', () => {
  it.each<[string, readonly string[], ...RegExp[]]>([
    [
      'everything that is wrong with a policy at once',
      ['wrong.yaml'],
      /^wrong\.yaml:4:5: .*"critcality"; did you mean "criticality"\?$/m,
      /^wrong\.yaml:9:9: .*"0 0 30 2 \*" never starts/m,
      /^wrong\.yaml:13:13: there is no file "nowhere\.jsonl"; expected/m,
      /^wrong\.yaml:15:3: the rule "job-sucess-rate" is not known; did you mean "job-success-rate"\?$/m,
      /^wrong\.yaml:17:16: .*no option "tolerance"; did you mean "toleranceMinutes"\?$/m,
    ],
    ['a circle', ['circle.yaml'], /^other\.yaml:2:11: .*circle\.yaml -> other\.yaml -> circle\.yaml; take one/m],
    ['no such policy', ['nowhere.yaml'], /^nowhere\.yaml:1:1: there is no file .*; expected/m],
    ['no such place', ['place.yaml'], /^place\.yaml:6:15: there is no file "nowhere"; expected/m],
    ['no policy', [], /needs a policy\nFor example: backproof audit policy\.yaml/],
    [
      'an unknown option of a rule',
      ['fine.yaml', '--rule', 'job-success-rate:minPercents=9'],
      /"minPercents"\nDid you mean minPercent\?/,
    ],
  ])('%s', async (_, args, ...said) => {
    const { code, stdout, stderr } = await backproof(['audit', ...args], { cwd: folder() })
    for (const one of said) expect(stderr).toMatch(one)
    expect(stderr).toMatch(/^backproof: .+\n/)
    expect(stderr).not.toMatch(/ at .*\.js/)
    expect([code, stdout]).toEqual([2, ''])
  })
})

it.each([
  ['the report on a full disk', '$BACKPROOF audit fine.yaml > /dev/full'],
  ['rows on a full disk', '$BACKPROOF audit fine.yaml --quiet --ndjson /dev/full'],
])('70: %s', async (_, command) => {
  const { code, stderr } = await shell(command, { cwd: folder() })
  expect(stderr).toMatch(/could not be written/)
  expect(code).toBe(70)
})
