import { redact } from '../../../redact.js'
import type { SourceTraits } from '../../../source/traits.js'
import type { CaseDefinition } from '../case-definition.js'
import { check } from '../check.js'
import { always } from '../conditions.js'
import { objectOf } from '../content.js'
import type { OptionalMember } from '../types.js'

const few = [objectOf('a'), objectOf('b/c')]

export const describeCases: readonly CaseDefinition[] = [
  {
    name: 'spec-version',
    title: 'names the version of the contract',
    when: always,
    run: async ({ open }) => {
      const { specVersion } = await open(few)
      check(specVersion === 'v1', () => `specVersion is ${JSON.stringify(specVersion)}; it must be "v1".`)
    },
  },
  {
    name: 'members-as-promised',
    title: 'has the optional members that the harness names, and no others',
    when: always,
    run: async ({ harness, traits, open }) => {
      const source = await open(few)
      const there: Readonly<Record<OptionalMember, boolean>> = {
        dispose: source[Symbol.asyncDispose] !== undefined,
        localFile: source.localFile !== undefined,
        preflight: source.preflight !== undefined,
        scan: source.scan !== undefined,
      }
      for (const [member, has] of Object.entries(there) as [OptionalMember, boolean][]) {
        const implied = member === 'scan' && traits.access === 'sequential'
        const promised = implied || harness.offers?.includes(member) === true
        check(has === promised, () =>
          has
            ? `The source has ${member}, which would not be checked: name it in the harness's offers.`
            : `The source has no ${member}, although ${implied ? 'it is sequential' : 'the harness offers it'}.`,
        )
      }
    },
  },
  {
    name: 'uri-canonical',
    title: 'has a canonical URI',
    when: always,
    run: async ({ open }) => {
      const { uri } = await open(few)
      check(URL.canParse(uri), () => `The uri ${JSON.stringify(uri)} is no URI.`)
      const { href } = new URL(uri)
      check(href === uri, () => `The uri ${JSON.stringify(uri)} is not canonical; it would be ${JSON.stringify(href)}.`)
    },
  },
  {
    name: 'uri-secret-free',
    title: 'has no credentials, query or given secret in its URI',
    when: always,
    run: async ({ harness, open }) => {
      const { uri } = await open(few)
      check(redact(uri) === uri, () => `The uri ${redact(uri)} holds what looks like a secret: user, query or token.`)
      for (const secret of harness.secrets ?? []) {
        check(!uri.includes(secret), () => 'The uri holds a secret of the harness.')
      }
    },
  },
  {
    name: 'traits-as-promised',
    title: 'describes itself as the harness says',
    when: always,
    run: async ({ traits, open }) => {
      const told = await (await open(few)).describe()
      const names = new Set([...Object.keys(traits), ...Object.keys(told)] as (keyof SourceTraits)[])
      if (traits.place === undefined) names.delete('place')
      for (const name of names) {
        const [is, should] = [JSON.stringify(told[name]), JSON.stringify(traits[name])]
        check(is === should, () => `The trait ${name} is ${is}; the harness says ${should}.`)
      }
    },
  },
  {
    name: 'traits-frozen',
    title: 'gives traits that nobody can change',
    when: always,
    run: async ({ open }) => {
      const traits = await (await open(few)).describe()
      const loose = looseParts('traits', traits)
      check(loose.length === 0, () => `Not frozen: ${loose.join(', ')}.`)
    },
  },
  {
    name: 'describe-stable',
    title: 'describes itself the same each time',
    when: always,
    run: async ({ open }) => {
      const source = await open(few)
      const first = JSON.stringify(await source.describe())
      for await (const _ of source.list());
      const second = JSON.stringify(await source.describe())
      check(first === second, () => `describe gave ${first}, and after a listing ${second}.`)
    },
  },
]

const looseParts = (path: string, value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.entries(value).flatMap(([name, part]) => looseParts(`${path}.${name}`, part))
  return Object.isFrozen(value) ? inner : [path, ...inner]
}
