import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { historySchema, jobLines } from '../../src/history/index.js'
import { HISTORY_SCHEMA, headerMembers } from '../../src/history/line-header.js'
import type { AnyMember, AnyMembers } from '../../src/history/member.js'
import { ROWS } from './arbitrary-rows.js'
import { NOW, readAll } from './read-lines.js'

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
const PAGE = fromRoot('docs/history-format.md')
const SCHEMA = fromRoot('docs/schema/history-v1.schema.json')

/** With WRITE_DOCS=1 the files are written; then format them. */
const write = process.env['WRITE_DOCS'] === '1'

const valueWords = (member: AnyMember): string => {
  switch (member.kind) {
    case 'name':
    case 'text':
      return 'text'
    case 'texts':
      return 'texts'
    case 'flag':
      return 'true, false'
    case 'time':
      return 'time'
    case 'time-or-never':
      return 'time, `never`'
    case 'count':
      return 'whole number'
    case 'number':
      return member.max === undefined ? 'number' : `number to ${member.max}`
    case 'choice':
      return member.words.map((word) => `\`${word}\``).join(', ')
    case 'record':
      return 'object'
  }
}

const rowsOf = (members: AnyMembers, inside = ''): string[] =>
  Object.entries(members).flatMap(([name, member]) => [
    `| \`${inside}${name}\` | ${valueWords(member)}${member.required ? '' : ', *opt*'} | ${member.description} |`,
    ...(member.kind === 'record' ? rowsOf(member.members, `${inside}${name}.`) : []),
  ])

const tableOf = (members: unknown): string =>
  ['| member | value | meaning |', '|---|---|---|', ...rowsOf(members as AnyMembers)].join('\n')

const tables = {
  header: tableOf(headerMembers),
  ...Object.fromEntries(ROWS.map(({ history, members }) => [history.name, tableOf(members)])),
}

const between = (name: string): RegExp => new RegExp(`(<!-- begin ${name} -->\\n)([\\s\\S]*?)(<!-- end ${name} -->)`)

describe('the page of the format', () => {
  if (write) {
    const filled = Object.entries(tables).reduce(
      (page, [name, table]) => page.replace(between(name), (_all, begin, _old, end) => `${begin}${table}\n${end}`),
      readFileSync(PAGE, 'utf8'),
    )
    writeFileSync(PAGE, filled)
    writeFileSync(SCHEMA, `${JSON.stringify(historySchema(), null, 2)}\n`)
  }
  const page = readFileSync(PAGE, 'utf8')

  it.each(Object.entries(tables))('has the table of %s', (name, table) => {
    expect(between(name).exec(page)?.[2]).toBe(`${table}\n`)
  })

  it('shows lines that can be read', async () => {
    const shown = /```\n(\{"schema"[\s\S]*?)```/.exec(page)?.[1]?.split('\n') ?? []
    const { traits, items } = await readAll(jobLines({ lines: () => shown }))
    expect(traits.observedAt).toBe(NOW - 6 * 3_600_000)
    expect(items).toHaveLength(2)
  })

  it('names the version', () => {
    expect(page).toContain(`version \`${HISTORY_SCHEMA}\``)
  })
})

describe('the JSON Schema', () => {
  it('is what the rows describe', () => {
    expect(JSON.parse(readFileSync(SCHEMA, 'utf8'))).toEqual(historySchema())
  })
})
