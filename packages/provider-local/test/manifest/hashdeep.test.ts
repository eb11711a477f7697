import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { verify } from '@backproof/core/verify'
import { localDirectory, type ManifestFileOptions, manifestFile } from '@backproof/provider-local'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryFor, keysOf, listAll, tempDirectory, utf8, writeTree } from '../support/tree.js'

const hasHashdeep = spawnSync('hashdeep', ['-V']).status === 0
const MD5 = 'd41d8cd98f00b204e9800998ecf8427e'
const HEAD = '%%%% HASHDEEP-1.0\n%%%% size,md5,filename\n## Invoked from: /x\n## # hashdeep -r .\n## \n'

const manifest = (content: string, options: Partial<ManifestFileOptions> = {}) => {
  const path = `${tempDirectory()}/list`
  writeFileSync(path, content, 'latin1')
  return manifestFile({ ...options, path })
}

describe.skipIf(!hasHashdeep)('what hashdeep writes (Debian package hashdeep)', () => {
  const names = [
    'plain',
    'a,b',
    'q"q',
    'back\\sl',
    'raw\xff',
    'c\rr',
    '#hash',
    '%%%% x',
    utf8('\u00e9'),
    'sub/x',
    ' lead',
  ]
  const tree = (): string => {
    const root = tempDirectory()
    writeTree(root, Object.fromEntries(names.map((name, i) => [`data/${name}`, `content ${i}`])))
    return root
  }

  it.each([
    ['relative names', ['-l'], undefined],
    ['absolute names', [], 'root'],
    ['other digests', ['-l', '-c', 'sha1,sha256,tiger'], undefined],
  ])('is read right: %s', async (_what, flags, root) => {
    const place = tree()
    execFileSync('sh', ['-c', `hashdeep -r ${flags.join(' ')} . > ../list`], { cwd: `${place}/data` })
    const against = manifestFile({ path: `${place}/list`, root: root && `${place}/data` })
    const source = localDirectory({ path: `${place}/data` })
    expect((await keysOf(against)).sort()).toEqual((await keysOf(source)).sort())
    const sha256 = execFileSync('sha256sum', [`${place}/data/plain`])
      .toString()
      .slice(0, 64)
    const { size, digests } = await entryFor(against, 'plain')
    expect([size, digests?.find(({ algorithm }) => algorithm === 'sha256')?.value]).toEqual([9, sha256])
    const { totals } = (await verify({ source, against, workers: 0 }).report()).result
    expect(totals.outcomes.match).toBe(names.length)
    writeFileSync(`${place}/data/plain`, 'content 9')
    const after = (await verify({ source, against, workers: 0 }).report()).result
    expect(after.totals.outcomes).toMatchObject({ match: names.length - 1, mismatch: 1 })
  })

  it('is refused where a name is broken at its newline', async () => {
    const place = tempDirectory()
    writeTree(place, { 'data/new\nline': 'x' })
    execFileSync('sh', ['-c', 'hashdeep -r -l . > ../list'], { cwd: `${place}/data` })
    await expect(listAll(manifestFile({ path: `${place}/list` }))).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(/^Line 7 .*newlines/),
    })
  })
})

describe('lines', () => {
  it('may end in CR LF, and columns may change', async () => {
    const text = `${HEAD}0,${MD5},./a\n%%%% size,md5,sha1,filename\n1,${MD5.toUpperCase()},${'0'.repeat(40)},b\n`
    const entries = await listAll(manifest(text.replaceAll('\n', '\r\n')))
    expect(entries.map(({ key, size, digests }) => [key, size, digests?.length])).toEqual([
      ['a', 0, 1],
      ['b', 1, 2],
    ])
    const source = manifest(text)
    expect(await source.stat(JSON.parse(JSON.stringify(entries[1]!.ref)))).toEqual(entries[1])
    expect((await source.describe()).listingDigests).toEqual([{ algorithm: 'md5', provenance: 'recorded' }])
  })

  it.each([
    ['no columns', `%%%% HASHDEEP-1.0\n0,${MD5},a\n`, /Line 2 .*columns/],
    ['nothing at all', '%%%% HASHDEEP-1.0\n', /no line with the names/],
    ['wrong columns', '%%%% HASHDEEP-1.0\n%%%% md5,filename\n', /Line 2 .*expected/],
    ['a field too few', `${HEAD}0,a\n`, /Line 6 .*expected "size,md5,filename"/],
    ['no size', `${HEAD}x,${MD5},a\n`, /Line 6 .*size/],
    ['a short digest', `${HEAD}0,00,a\n`, /Line 6 .*32 hexadecimal/],
    ['no name', `${HEAD}0,${MD5},\n`, /Line 6 .*no name/],
    ['an absolute name', `${HEAD}0,${MD5},/etc/passwd\n`, /Line 6 .*absolute/],
    ['a name that leads out', `${HEAD}0,${MD5},../x\n`, /Line 6 .*leads out/],
  ])('are refused with their number: %s', async (_what, content, message) => {
    await expect(listAll(manifest(content))).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(message),
    })
  })

  it('property: names come back, and fuzzed files are read or refused', async () => {
    const name = fc
      .string({ unit: fc.constantFrom(',', 'a', '"', '\\', '#', '%', ' ', '\xff', '/b'), minLength: 1, maxLength: 8 })
      .filter((text) => !text.startsWith('/'))
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { minLength: 1, maxLength: 6 }), fc.string(), async (names, noise) => {
        const lines = names.map((one, i) => `${i},${MD5},${one}\n`).join('')
        const entries = await listAll(manifest(HEAD + lines))
        expect(entries.map(({ keyBytes, key }) => (keyBytes ? Buffer.from(keyBytes).toString('latin1') : key))).toEqual(
          names,
        )
        const outcome = await listAll(manifest(HEAD + noise, { format: 'hashdeep' })).catch(
          ({ code }) => code as string,
        )
        expect(Array.isArray(outcome) || outcome === 'invalid-config').toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})
