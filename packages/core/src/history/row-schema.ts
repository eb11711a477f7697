import { ISO_TIME } from './iso-time.js'
import { HISTORY_SCHEMA, headerMembers } from './line-header.js'
import type { AnyMember, AnyMembers } from './member.js'
import { capacityRow, drillRow, jobRunRow, recoveryPointRow } from './rows.js'

type Schema = Readonly<Record<string, unknown>>

/** JSON Schema (2020-12) of one line of a file of history: a header, or an item of one of the histories. */
export const historySchema = (): Readonly<Record<string, unknown>> => {
  const rows = { jobRun: jobRunRow, recoveryPoint: recoveryPointRow, drill: drillRow, capacitySample: capacityRow }
  const header = headerMembers as unknown as AnyMembers
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:backproof:schema:history-v1',
    title: 'Backproof history, version 1',
    description:
      'One line of a file of history: the header, which may be the first line, or one item. All items of a file are of one kind. Members that begin with "x-" are read over.',
    anyOf: ['header', ...Object.keys(rows)].map((name) => ({ $ref: `#/$defs/${name}` })),
    $defs: {
      time: { description: 'ISO 8601 with an offset.', type: 'string', pattern: ISO_TIME.source },
      count: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      header: {
        ...objectSchema('The first line.', header),
        properties: { ...propertiesOf(header), schema: { const: HISTORY_SCHEMA } },
      },
      ...Object.fromEntries(
        Object.entries(rows).map(([name, { history, title, members }]) => [
          name,
          objectSchema(`A ${title}: an item of ${history.name}.`, members as unknown as AnyMembers),
        ]),
      ),
    },
  }
}

const objectSchema = (description: string, members: AnyMembers): Schema => ({
  description,
  type: 'object',
  properties: propertiesOf(members),
  patternProperties: { '^x-': {} },
  additionalProperties: false,
  required: Object.keys(members).filter((name) => members[name]!.required),
})

const propertiesOf = (members: AnyMembers): Schema =>
  Object.fromEntries(
    Object.entries(members).map(([name, member]) => {
      const schema = valueSchema(member)
      const { description } = member
      return [name, { description, ...(member.required ? schema : { anyOf: [schema, { type: 'null' }] }) }]
    }),
  )

const TEXT: Schema = { type: 'string' }
const TIME: Schema = { $ref: '#/$defs/time' }

const valueSchema = (member: AnyMember): Schema => {
  switch (member.kind) {
    case 'name':
      return { ...TEXT, minLength: 1 }
    case 'text':
      return TEXT
    case 'texts':
      return { type: 'array', items: { type: 'string' } }
    case 'flag':
      return { type: 'boolean' }
    case 'time':
      return TIME
    case 'time-or-never':
      return { anyOf: [TIME, { const: 'never' }] }
    case 'count':
      return { $ref: '#/$defs/count' }
    case 'number':
      return { type: 'number', minimum: 0, ...(member.max !== undefined && { maximum: member.max }) }
    case 'choice':
      return member.otherwise === undefined ? { enum: member.words } : { ...TEXT, examples: member.words }
    case 'record':
      return objectSchema(member.description, member.members)
  }
}
