import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { audit } from '../../src/audit/index.js'
import { parsePolicy, policyProblems } from '../../src/policy/index.js'
import { doing } from '../audit/engine/parts.js'
import { repository } from '../import-graph.js'

type Path = readonly (string | number)[]

const page = readFileSync(join(repository, 'docs/policy-format.md'), 'utf8')
const example: unknown = parse(/```yaml\n([\s\S]*?)```/.exec(page)![1]!, { merge: true })

const pathsIn = (node: unknown, path: Path = []): readonly Path[] =>
  typeof node === 'object' && node !== null
    ? [
        path,
        ...Object.entries(node).flatMap(([name, child]) =>
          pathsIn(child, [...path, Array.isArray(node) ? Number(name) : name]),
        ),
      ]
    : [path]

const replaced = (node: unknown, [name, ...rest]: Path, value: unknown): unknown => {
  if (name === undefined) return value
  if (Array.isArray(node)) return node.map((item, i) => (i === name ? replaced(item, rest, value) : item))
  const map = node as Readonly<Record<string, unknown>>
  return { ...map, [name]: replaced(map[name], rest, value) }
}

const isWhole = (
  problems: readonly { readonly line: number; readonly column: number; readonly message: string }[],
): boolean =>
  problems.every(
    ({ line, column, message }) => line > 0 && column > 0 && message !== '' && !/undefined|\[object/.test(message),
  )

it('a policy in which anything is anything else is refused or read, and nothing else happens', () => {
  const garbage = fc.constantFrom<unknown>(
    null,
    7,
    -1,
    '',
    'x',
    '*',
    true,
    [],
    {},
    [null],
    [[]],
    { id: 'x' },
    [{}],
    { file: 3 },
    { '': 1 },
  )
  fc.assert(
    fc.property(fc.constantFrom(...pathsIn(example)), garbage, (path, value) => {
      const problems = policyProblems(JSON.stringify(replaced(example, path, value)), { rules: [] })
      expect(problems.filter((problem) => !isWhole([problem]))).toEqual([])
    }),
    { numRuns: 100 },
  )
})

it('each member may be missing', () => {
  for (const path of pathsIn(example).slice(1)) {
    const problems = policyProblems(JSON.stringify(replaced(example, path, undefined)), { rules: [] })
    expect(problems.filter((problem) => !isWhole([problem]))).toEqual([])
  }
})

it('text that is no policy is refused, and nothing else happens', () => {
  const yaml = fc.array(
    fc.constantFrom(
      'schema: backproof.policy/v1\n',
      'assets:',
      '\n',
      '  ',
      '- ',
      'id: a',
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      '<<: ',
      '"',
      "'",
      '|',
      '>',
      '---',
      '\t',
      '#',
      '? ',
      ': ',
      '!x ',
      '%Y',
      '\u0000',
      '\uFEFF',
    ),
    { maxLength: 20 },
  )
  fc.assert(
    fc.property(yaml, (parts) => {
      const problems = policyProblems(parts.join(''))
      expect(problems.filter((problem) => !isWhole([problem]))).toEqual([])
    }),
    { numRuns: 200 },
  )
})

const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  '\ud800',
  '\udc80',
  '\u202eevil',
  'a\u2028b',
  'é\u0301',
  'x'.repeat(50_000),
]

it.each(NAMES.map((name) => [name.slice(0, 20), name]))('%j is a name like any other', async (_, name) => {
  const tags = JSON.parse(`{${JSON.stringify(name)}: ${JSON.stringify(name)}}`) as object
  const text = JSON.stringify({
    schema: 'backproof.policy/v1',
    name,
    assets: [{ id: name, name, owner: name, plans: [name], retention: name, dataClasses: [name], tags }],
    plans: [{ id: name }],
    stores: [{ id: name }],
    retention: [{ id: name, minDays: 1 }],
    contacts: [{ id: name, name, channels: ['mailto:a@example.org'] }],
    waivers: [
      { id: name, select: { rule: 'doing', target: name }, reason: name, approver: name, expires: '2026-11-20' },
    ],
  })
  const { policy } = parsePolicy(text)
  const [asset] = policy.assets
  expect(asset).toMatchObject({ id: name, owner: name, plans: [{ id: name }], retention: { id: name } })
  expect(Object.entries(asset!.tags!)).toEqual([[name, name]])
  expect(Object.getPrototypeOf(asset!.tags)).toBe(Object.prototype)
  const rule = {
    ...doing(() => ({ message: 'bad', data: { why: name } })),
    select: { attributes: Object.fromEntries([[`tag:${name}`, [name]]]) },
  }
  const { result } = await audit({ rules: [rule], policy, now: () => new Date('2026-11-01T00:00:00Z') }).report()
  expect(result.findings).toMatchObject([{ target: { kind: 'asset', id: name }, waiver: { id: name } }])
  expect(JSON.parse(JSON.stringify(result))).toEqual(result)
})

it('rules of any name are refused or chosen, and change nothing', () => {
  for (const name of NAMES) {
    const rules = `{${JSON.stringify(name)}: {"options": {${JSON.stringify(name)}: 1}, "rule": ${JSON.stringify(name)}}}`
    const text = `{"schema": "backproof.policy/v1", "rules": ${rules}}`
    expect(policyProblems(text, { rules: [] })).toMatchObject([{ line: 1 }])
    expect(parsePolicy(text).rules).toMatchObject([{ rule: name, name }])
  }
  expect(Object.keys(Object.prototype)).toEqual([])
})

it('no hint is looked for among names that nobody types', () => {
  const long = 'x'.repeat(200_000)
  const text = JSON.stringify({
    schema: 'backproof.policy/v1',
    assets: [{ id: 'a', plans: [`${long}y`] }],
    plans: [{ id: long }],
  })
  expect(policyProblems(text)).toMatchObject([{ pointer: '/assets/0/plans/0' }])
})
