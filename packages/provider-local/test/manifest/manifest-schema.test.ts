import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { memorySource } from '@backproof/core/testing'
import { writeManifest } from '@backproof/provider-local'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, it } from 'vitest'
import { collectingSink } from '../support/sink.js'

const fromRoot = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../../${path}`, import.meta.url)), 'utf8')
const validate = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false }).compile(
  JSON.parse(fromRoot('docs/schema/manifest-v1.schema.json')) as object,
)

const lines = async (): Promise<Record<string, unknown>[]> => {
  const source = memorySource({
    a: { bytes: 'x', modified: 5.25 },
    l: { kind: 'symlink', linkTarget: 'a' },
    s: { kind: 'special' },
    '\udcff': 'y',
  })
  const { sink, text } = collectingSink()
  const { privateKey: signingKey } = generateKeyPairSync('ed25519')
  await writeManifest(source, sink, { signingKey, algorithms: ['sha256', 'md5'], include: ['*'], exclude: ['z'] })
  return text()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

it('describes every line that is written', async () => {
  const written = await lines()
  expect(written).toHaveLength(6)
  for (const line of written) expect([line, validate(line), validate.errors]).toEqual([line, true, null])
})

it('refuses lines that miss what they need', async () => {
  const [header, object, link, , bytes, end] = await lines()
  const without = (line: Record<string, unknown> | undefined, member: string): unknown => {
    const { [member]: _, ...rest } = line!
    return rest
  }
  const wrong = [
    without(header, 'source'),
    without(object, 'size'),
    without(link, 'linkTarget'),
    { ...object, kind: 'folder' },
    { ...object, linkTarget: 'x' },
    { ...object, key: '/a' },
    { ...bytes, keyBytes: 'f' },
    without(end, 'sha256'),
    { ...end, more: 1 },
  ]
  for (const line of wrong) expect([line, validate(line)]).toEqual([line, false])
})

it('and the page name the same members', async () => {
  const page = fromRoot('docs/manifest-format.md')
  const members = new Set((await lines()).flatMap((line) => Object.keys(line)))
  expect([...members].filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})
