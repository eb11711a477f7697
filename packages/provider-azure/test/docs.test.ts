import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type AzureBlobSourceOptions,
  type AzureFeature,
  type ReadOnlyPolicyOptions,
  readOnlyPolicy,
} from '@backproof/provider-azure'
import { describe, expect, it } from 'vitest'
import { permissionOf, sasLetterOf } from '../src/permissions.js'

const repository = join(import.meta.dirname, '../../..')
const page = readFileSync(join(repository, 'docs/guides/azure-permissions.md'), 'utf8')
const guide = readFileSync(join(repository, 'docs/guides/prove-an-azure-backup.md'), 'utf8')

/** What a command line can give; account and container stand in the URI, and commands list no versions. */
const BY_COMMAND: Record<
  Exclude<keyof AzureBlobSourceOptions, 'account' | 'container' | 'prefix' | 'client' | 'snapshots' | 'deleted'>,
  true
> = { url: true, connectionString: true, credential: true, customerKey: true, requestTimeoutMs: true, prices: true }
const BY_PROGRAM: Record<Exclude<keyof AzureBlobSourceOptions, keyof typeof BY_COMMAND>, true> = {
  account: true,
  container: true,
  prefix: true,
  client: true,
  snapshots: true,
  deleted: true,
}

const codesIn = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1]!)

/** `{ account: 'backups' }` as the page writes it, read as JSON. */
const optionsOf = (text: string): ReadOnlyPolicyOptions =>
  JSON.parse(text.replaceAll("'", '"').replace(/([{,]\s*)(\w+): /g, '$1"$2": ')) as ReadOnlyPolicyOptions

const actionsOf = (...features: readonly AzureFeature[]): readonly string[] =>
  readOnlyPolicy({ account: 'backups', container: 'daily', features }).customRole.DataActions

const sourcesOf = (folder: string): string =>
  readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(repository, folder, file), 'utf8'))
    .join('\n')

describe('the page of permissions', () => {
  it('shows what readOnlyPolicy() gives, word for word', () => {
    const examples = [...page.matchAll(/```ts\nreadOnlyPolicy\((.+?)\)\n```\n+(?:[^`\n].*\n+)*```json\n(.+?)```/gs)]
    expect(examples).toHaveLength(page.split('```json').length - 1)
    expect(examples.length).toBeGreaterThanOrEqual(2)
    for (const [, options, policy] of examples) {
      expect(JSON.parse(policy!), options).toEqual(readOnlyPolicy(optionsOf(options!)))
    }
  })

  it('names the role and the letters of a signature', () => {
    const { builtInRole, sas } = readOnlyPolicy({ account: 'backups', container: 'daily' })
    expect(page).toContain(`--role "${builtInRole}"`)
    expect(page).toContain(`--permissions ${sas.permissions} `)
    expect(page).toContain(`\`sr=${sas.resource}\``)
  })

  it('tells what each feature adds', () => {
    const base = actionsOf('compare')
    const table = page.slice(page.indexOf('| feature |'), page.indexOf('## Which requests'))
    const rows = [...table.matchAll(/^\| (`.+?) \| (.+?) \|/gm)]
    const told = new Map(
      rows.flatMap(([, names, adds]) => codesIn(names!).map((name) => [name, codesIn(adds!)] as const)),
    )
    const features = ['compare', 'order', 'preflight', 'verify', 'versions'] as const satisfies AzureFeature[]
    expect([...told.keys()].sort()).toEqual(features)
    for (const feature of features) {
      const added = actionsOf(feature).filter((action) => !base.includes(action))
      expect(told.get(feature), feature).toEqual(added.length === 0 ? base : added)
    }
  })

  it('lists every request that there is, with what it needs', () => {
    const requests = readFileSync(join(import.meta.dirname, '../src/client/requests.ts'), 'utf8')
    const sent = [...requests.matchAll(/(?:operation: |aboutBlob\()'(\w+)'/g)].map((match) => match[1]!)
    const table = page.slice(page.indexOf('| request |'))
    const rows = [...table.matchAll(/^\| (\w+) \| `(.+?)` \| (.+?) \|/gm)]
    expect(rows.map(([, name]) => name!).sort()).toEqual([...new Set(sent)].sort())
    for (const [, name, needs, letter] of rows) {
      expect(needs, name).toBe(permissionOf(name!))
      if (name !== 'GetAccountInfo') expect(letter, name).toBe(`\`${sasLetterOf(name!)}\``)
    }
  })
})

describe('the guide', () => {
  it('names every option that a command line can give, and no other', () => {
    const [table = ''] = /^\| `--with` \|[\s\S]+?\n\n/m.exec(guide) ?? []
    const named = [...table.matchAll(/`(\w+)=[^`]*`/g)].map((match) => match[1])
    expect(named.sort()).toEqual(Object.keys(BY_COMMAND).sort())
  })

  it('shows the options of programs', () => {
    for (const name of Object.keys(BY_PROGRAM)) expect(guide, name).toMatch(new RegExp(`\\b${name}: `))
  })

  it('names every variable that decides on credentials', () => {
    const read = readFileSync(join(import.meta.dirname, '../src/client/environment.ts'), 'utf8')
    const variables = [...new Set([...read.matchAll(/env\['(\w+)'\]/g)].map((match) => match[1]!))]
    expect(variables.length).toBeGreaterThanOrEqual(4)
    for (const variable of variables) expect(guide).toContain(`\`${variable}\``)
  })

  it('quotes messages as they are written', () => {
    const written = sourcesOf('packages/provider-azure/src') + sourcesOf('packages/core/src/object-store')
    const table = guide.slice(guide.indexOf('| message or code |'))
    const quoted = [...table.matchAll(/^\| (`.+?) \|/gm)].flatMap(([, cell]) => codesIn(cell!))
    const messages = quoted.filter((text) => text.includes(' '))
    expect(messages.length).toBeGreaterThanOrEqual(10)
    const pieces = messages.flatMap((message) => message.split('...').map((piece) => piece.trim()))
    expect(pieces.filter((piece) => !written.includes(piece))).toEqual([])
  })
})

describe('the page about checks', () => {
  it('tells what this provider tries beyond what is tried with any source', () => {
    const tried = readFileSync(join(repository, 'docs/guides/check-a-place.md'), 'utf8')
    const general = tried.slice(tried.indexOf('| check | what'), tried.indexOf('A source that is read'))
    const own = tried.slice(tried.indexOf('| check | `s3://`'), tried.indexOf('`--json`'))
    const rows = own.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
    const column = rows[0]!.indexOf('`azblob://`')
    const told = rows.filter((cells) => /^`/.test(cells[1] ?? '') && cells[column] !== '').map((cells) => cells[1])
    const sources = sourcesOf('packages/provider-azure/src/preflight')
    const ids = [...sources.matchAll(/\bid: '([\w-]+)'/g)].map((match) => `\`${match[1]}\``).concat('`clock`')
    const expected = [...new Set(ids)].filter((id) => !general.includes(id))
    expect(expected.length).toBeGreaterThanOrEqual(5)
    expect(told.sort()).toEqual(expected.sort())
  })
})
