import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { policyProblems } from '../../src/policy/index.js'
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
