import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadPolicy, policyFileProblems } from '../../src/policy/index.js'

const HEAD = 'schema: backproof.policy/v1\n'
let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'backproof-policy-'))
})
afterAll(() => rmSync(root, { recursive: true }))

let folders = 0
/** Writes files into a new folder and gives its path. */
const folderOf = (files: Readonly<Record<string, string | Buffer>>): string => {
  const folder = join(root, String(folders++))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}
/** Problems with paths as seen from the folder. */
const problemsOf = async (files: Readonly<Record<string, string | Buffer>>): Promise<string[]> => {
  const folder = folderOf(files)
  const problems = await policyFileProblems(join(folder, 'main.yaml'))
  return problems.map(
    ({ file, line, column, message }) =>
      `${relative(folder, file)}:${line}:${column}: ${message.replaceAll(`${relative('.', folder)}/`, '').replaceAll(`${folder}/`, '')}`,
  )
}

describe('a policy in several files', () => {
  const files = {
    'main.yaml': `${HEAD}name: Shop\nextends: [base/plans.yaml, base/people.json]\nassets:\n  - {id: db, plans: [nightly], escalation: ops}\nrules:\n  job-success-rate: {severity: critical}\n`,
    'base/plans.yaml': `${HEAD}name: Base\nowner: it\ntimezone: Europe/Berlin\nextends: [people.json]\nplans:\n  - {id: nightly, schedules: ["0 3 * * *"]}\nrules:\n  job-success-rate: {severity: low}\n  job-not-missed:\nhistories:\n  jobs: [{file: runs.jsonl}]\n`,
    'base/people.json': JSON.stringify({
      schema: 'backproof.policy/v1',
      contacts: [{ id: 'ann', name: 'Ann', channels: ['mailto:ann@example.org'] }],
      escalation: [{ id: 'ops', levels: [{ contacts: ['ann'] }] }],
    }),
    'base/runs.jsonl': '',
  }

  it('is one: lists add up, what extends wins, each file is read once', async () => {
    const folder = folderOf(files)
    const { policy, rules, histories, files: read } = await loadPolicy(join(folder, 'main.yaml'))
    expect([policy.name, policy.owner]).toEqual(['Shop', 'it'])
    expect(policy.contacts).toHaveLength(1)
    expect(policy.assets[0]!.plans).toEqual([
      { id: 'nightly', schedules: [{ cron: '0 3 * * *', timezone: 'Europe/Berlin' }] },
    ])
    expect(rules.map(({ name, config }) => [name, config])).toEqual([
      ['job-success-rate', { severity: 'critical' }],
      ['job-not-missed', {}],
    ])
    expect(histories.jobs).toEqual([
      {
        kind: 'file',
        file: join(folder, 'base/runs.jsonl'),
        declared: { file: join(folder, 'base/plans.yaml'), line: 12 },
      },
    ])
    expect(read.map((file) => relative(folder, file))).toEqual(['base/people.json', 'base/plans.yaml', 'main.yaml'])
    expect(policy.declared).toEqual({
      '/assets/0': { file: join(folder, 'main.yaml'), line: 5 },
      '/plans/0': { file: join(folder, 'base/plans.yaml'), line: 7 },
    })
  })

  it('inherits the time zone of what it extends, for its own schedules only where it names none', async () => {
    const folder = folderOf({
      'main.yaml': `${HEAD}extends: [base.yaml]\nplans:\n  - {id: a, schedules: ["@daily"]}\n`,
      'base.yaml': `${HEAD}timezone: Asia/Kathmandu\n`,
    })
    const { policy } = await loadPolicy(join(folder, 'main.yaml'))
    expect(policy.plans[0]!.schedules).toEqual([{ cron: '@daily', timezone: 'Asia/Kathmandu' }])
  })

  it('does not go in a circle', async () => {
    const circle = {
      'main.yaml': `${HEAD}extends: [b.yaml]\n`,
      'b.yaml': `${HEAD}name: B\nextends:\n  - main.yaml\n`,
    }
    expect(await problemsOf(circle)).toEqual([
      'b.yaml:4:5: extends goes in a circle: main.yaml -> b.yaml -> main.yaml; take one of them out',
    ])
    expect(await problemsOf({ 'main.yaml': `${HEAD}extends: [main.yaml]\n` })).toEqual([
      'main.yaml:2:11: extends goes in a circle: main.yaml -> main.yaml; take one of them out',
    ])
  })

  it('may name a file by its whole path', async () => {
    const base = join(folderOf({ 'base.yaml': `${HEAD}nmae: x\n` }), 'base.yaml')
    const folder = folderOf({ 'main.yaml': `${HEAD}extends: [${JSON.stringify(base)}]\n` })
    expect((await policyFileProblems(join(folder, 'main.yaml'))).map(({ file }) => file)).toEqual([base])
  })

  it('nor by way of a link', async () => {
    const folder = folderOf({ 'main.yaml': `${HEAD}extends: [again/main.yaml]\n` })
    symlinkSync(folder, join(folder, 'again'))
    const [problem] = await policyFileProblems(join(folder, 'main.yaml'))
    expect(problem!.message).toContain('extends goes in a circle')
  })

  it('says in which file what is wrong', async () => {
    const wrong = {
      'main.yaml': `${HEAD}extends: [missing.yaml, typo.yaml]\nassets: [{id: a}]\n`,
      'typo.yaml': `${HEAD}nmae: x\nassets: [{id: a}]\n`,
    }
    expect(await problemsOf(wrong)).toEqual([
      'main.yaml:2:11: there is no file "missing.yaml"; expected one: correct the path, or put it there',
      'main.yaml:3:15: the asset "a" stands twice, first in typo.yaml:3; give one of them another id',
      'typo.yaml:2:1: the policy has no member "nmae"; did you mean "name"?',
    ])
  })
})

describe('a file', () => {
  it('that is not there, a folder, or no UTF-8 is said so', async () => {
    expect(await problemsOf({ 'other.yaml': HEAD })).toEqual([
      'main.yaml:1:1: there is no file "main.yaml"; expected one: correct the path, or put it there',
    ])
    expect(await problemsOf({ 'main.yaml/x': '' })).toEqual(['main.yaml:1:1: "main.yaml" is a folder; expected a file'])
    expect(await problemsOf({ 'main.yaml': Buffer.from(`${HEAD}name: caf\xe9\n`, 'latin1') })).toEqual([
      'main.yaml:1:1: the file is not UTF-8; save it as UTF-8',
    ])
    expect(await problemsOf({ 'main.yaml': Buffer.from(`\uFEFF${HEAD}`, 'utf16le') })).toEqual([
      'main.yaml:1:1: the file is UTF-16; save it as UTF-8',
    ])
  })

  it('of UTF-8 may begin with a byte order mark', async () => {
    const folder = folderOf({ 'main.yaml': `\uFEFF${HEAD}name: Caf\u00e9\n` })
    expect((await loadPolicy(join(folder, 'main.yaml'))).policy.name).toBe('Caf\u00e9')
  })

  it('is the promise of an error with a code', async () => {
    const error: unknown = await loadPolicy(join(root, 'nothing.yaml')).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('nothing.yaml:1:1: there is no file'),
    })
  })
})

describe('histories', () => {
  it('that are named have to be there', async () => {
    const body = 'histories:\n  jobs:\n    - file: runs.jsonl\n  drills:\n    - {file: folder}\n'
    expect(await problemsOf({ 'main.yaml': HEAD + body, 'folder/x': '' })).toEqual([
      'main.yaml:4:13: there is no file "runs.jsonl"; expected one: correct the path, or put it there',
      'main.yaml:6:14: "folder" is a folder; expected a file',
    ])
    const places = `stores: [{id: attic}]\nhistories:\n  recoveryPoints:\n    - source: dumps\n      pattern: '{asset}/{date:YYYY-MM}'\n  capacity: [{path: disk, store: attic}]\n`
    expect(await problemsOf({ 'main.yaml': HEAD + places })).toEqual([
      'main.yaml:5:15: there is no file "dumps"; expected one: correct the path, or put it there',
      'main.yaml:7:21: there is no file "disk"; expected one: correct the path, or put it there',
    ])
  })

  it.each([
    ["'{asset}/{date:YYYY}'", 'The pattern "{asset}/{date:YYYY}" cannot be used: its date has YYYY, but no MM'],
    ["'{date:YYYY-MM}', timezone: UTC", 'the pattern has no {asset}, so give the option asset'],
    ["'{asset}', asset: db", 'the pattern has {asset}, so leave the option asset out'],
    ["'{asset}', timezone: Europe/Berln", 'did you mean Europe/Berlin'],
    ["'{asset}', complete: DONE", 'the pattern has to end in * or **'],
  ])('whose keys say nothing are refused: %s', async (pattern, message) => {
    const body = `assets: [{id: db}]\nhistories:\n  recoveryPoints:\n    - {source: "s3://b", pattern: ${pattern}}\n`
    const [problem, ...others] = await problemsOf({ 'main.yaml': HEAD + body })
    expect(others).toEqual([])
    expect(problem).toContain(message)
    expect(problem).toContain('main.yaml:5:')
  })

  it('are given with absolute paths, and places as they are', async () => {
    const folder = folderOf({
      'main.yaml': `${HEAD}stores: [{id: attic}]\nassets: [{id: db}]\nhistories:\n  recoveryPoints:\n    - {source: "s3://b/p", pattern: "x", asset: db}\n    - {source: dumps, pattern: "{asset}/y", store: attic}\n  capacity: [{path: disk, store: attic}]\n`,
      'dumps/x': '',
      'disk/x': '',
    })
    const { histories } = await loadPolicy(join(folder, 'main.yaml'))
    const file = join(folder, 'main.yaml')
    expect(histories).toEqual({
      jobs: [],
      drills: [],
      reports: [],
      recoveryPoints: [
        { kind: 'place', source: 's3://b/p', pattern: 'x', asset: 'db', declared: { file, line: 6 } },
        {
          kind: 'place',
          source: join(folder, 'dumps'),
          pattern: '{asset}/y',
          store: 'attic',
          declared: { file, line: 7 },
        },
      ],
      capacity: [{ kind: 'disk', path: join(folder, 'disk'), store: 'attic', declared: { file, line: 8 } }],
    })
  })
})
