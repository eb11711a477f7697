import { execFileSync, spawnSync } from 'node:child_process'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import {
  appendFileSync,
  createWriteStream,
  mkdirSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { PassThrough, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { summarize } from '@backproof/core/report'
import { type BackupSource, keyFromBytes } from '@backproof/core/source'
import { faultySource, memorySource } from '@backproof/core/testing'
import { verify } from '@backproof/core/verify'
import {
  localDirectory,
  type ManifestFileOptions,
  manifestFile,
  type WriteManifestOptions,
  type WrittenManifest,
  writeManifest,
} from '@backproof/provider-local'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { below, entryFor, keysOf, listAll, openBelow, tempDirectory, utf8, writeTree } from '../support/tree.js'

const NOW = (): Date => new Date('2026-01-02T03:04:05.678Z')

const write = async (
  source: BackupSource,
  path: string,
  options: WriteManifestOptions = {},
): Promise<WrittenManifest> => {
  const sink = createWriteStream(path)
  await once(sink, 'open')
  try {
    return await writeManifest(source, sink, { now: NOW, workers: 0, ...options })
  } finally {
    sink.end()
    await finished(sink)
  }
}

const check = async (source: BackupSource, path: string, options: Partial<ManifestFileOptions> = {}) =>
  (await verify({ source, against: manifestFile({ ...options, path }), workers: 0 }).report()).result

const hostile: readonly string[] = [
  'plain',
  'with space',
  ' lead',
  'new\nline',
  'back\\slash',
  'c\rr',
  'end\r',
  'raw\xff',
  utf8('\u00e9\u{1f600}'),
  utf8('\u202e\ufeff'),
  'd/e',
  '-dash',
  '*star',
  '\x1b[2J',
  `${'x'.repeat(255)}`,
]

const hostileTree = (names: readonly string[] = hostile): string => {
  const root = tempDirectory()
  mkdirSync(`${root}/data`)
  writeTree(`${root}/data`, Object.fromEntries(names.map((name, i) => [name, `content ${i}`])))
  return root
}

describe('a manifest of ours', () => {
  it('proves the tree it was written from, hostile names, links and all', async () => {
    const root = hostileTree()
    symlinkSync('plain', `${root}/data/link`)
    utimesSync(`${root}/data/plain`, 1_600_000_000, 1_600_000_000.25)
    const source = localDirectory({ path: `${root}/data` })
    const written = await write(source, `${root}/m`, { algorithms: ['sha256', 'blake3'] })
    expect(written).toMatchObject({ entries: hostile.length + 1, omitted: 0, unreadable: [], leftOut: {} })
    const against = manifestFile({ path: `${root}/m` })
    expect(await keysOf(against)).toEqual(await keysOf(source))
    expect((await against.describe()).listingDigests.map(({ algorithm }) => algorithm)).toEqual(['sha256', 'blake3'])
    const digest = execFileSync('sha256sum', [`${root}/data/plain`])
      .toString()
      .slice(0, 64)
    expect(await entryFor(against, 'plain')).toMatchObject({
      kind: 'object',
      size: 9,
      modified: 1_600_000_000_250,
      digests: [
        { algorithm: 'sha256', value: digest, provenance: 'recorded' },
        { algorithm: 'blake3', provenance: 'recorded' },
      ],
    })
    expect(await entryFor(against, 'link')).toMatchObject({ kind: 'symlink', linkTarget: 'plain' })
    const result = await check(source, `${root}/m`)
    expect(result.totals.outcomes.match).toBe(hostile.length + 1)
    expect(result.totals.grades.read).toBe(hostile.length + 1)
    expect(summarize(result).proven).toBe(true)
  })

  it('has lines that anyone can read: header, entries in order, digest of all before the last line', async () => {
    const root = hostileTree(['b', 'a'])
    await write(localDirectory({ path: `${root}/data` }), `${root}/m`, { include: ['*'] })
    const text = readFileSync(`${root}/m`, 'utf8')
    const lines = text.trimEnd().split('\n')
    expect(lines[0]).toBe(
      `{"schema":"backproof.manifest/v1","type":"header","source":"file://${root}/data","created":"2026-01-02T03:04:05.678Z","algorithms":["sha256"],"include":["*"]}`,
    )
    expect(lines.slice(1, 3).map((line) => JSON.parse(line).key)).toEqual(['a', 'b'])
    const head = execFileSync('sh', ['-c', 'head -n -1 "$0" | sha256sum', `${root}/m`])
      .toString()
      .slice(0, 64)
    expect(JSON.parse(lines[3]!)).toEqual({ type: 'end', entries: 2, bytes: 18, omitted: 0, sha256: head })
  })

  it('finds what changed, what is gone and what is new', async () => {
    const root = hostileTree(['a', 'b', 'c', 'd'])
    const source = localDirectory({ path: `${root}/data` })
    await write(source, `${root}/m`)
    writeFileSync(`${root}/data/a`, 'content X')
    appendFileSync(`${root}/data/b`, '!')
    unlinkSync(`${root}/data/c`)
    writeFileSync(`${root}/data/e`, '')
    const { findings } = await check(source, `${root}/m`)
    expect(findings.map(({ key, outcome, reason }) => [key, outcome, reason])).toEqual([
      ['a', 'mismatch', 'digest'],
      ['b', 'mismatch', 'size'],
      ['c', 'missing', 'absent'],
      ['e', 'extra', 'absent'],
    ])
  })

  it('of nothing proves nothing', async () => {
    const root = tempDirectory()
    mkdirSync(`${root}/data`)
    const source = localDirectory({ path: `${root}/data` })
    expect((await write(source, `${root}/m`)).entries).toBe(0)
    expect(await listAll(manifestFile({ path: `${root}/m` }))).toEqual([])
    expect(summarize(await check(source, `${root}/m`)).proven).toBe(false)
  })

  it('property: any names and any bytes come back, from any source in any order', async () => {
    const name = fc
      .uint8Array({ minLength: 1, maxLength: 12 })
      .map((bytes) => Buffer.from(bytes).toString('latin1'))
      .filter((text) => !/^[./]|[\0]|\/\/|\/$|(?:^|\/)\.{1,2}(?:\/|$)/.test(text))
    const root = tempDirectory()
    let round = 0
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, fc.uint8Array({ maxLength: 40 })), { maxLength: 12, selector: ([key]) => key }),
        fc.constantFrom('utf8', 'none', 'utf16'),
        async (files, order) => {
          const objects = files.map(
            ([key, bytes]) => [keyFromBytes(Buffer.from(key, 'latin1')), { bytes, modified: 5 }] as const,
          )
          const source = memorySource(objects, { order: order as 'none' })
          round += 1
          const path = `${root}/m${round}`
          const written = await write(source, path)
          expect(written).toMatchObject({ entries: files.length, omitted: 0 })
          const entries = await listAll(manifestFile({ path }))
          const back = entries.map(({ key, keyBytes, size }) => [key, keyBytes && Buffer.from(keyBytes), size])
          const expected = (await listAll(memorySource(objects))).map(({ key, keyBytes, size }) => [
            key,
            keyBytes && Buffer.from(keyBytes),
            size,
          ])
          expect(back).toEqual(expected)
          const result = await check(source, path)
          expect(result.totals.outcomes.match).toBe(files.length)
        },
      ),
      { numRuns: 60 },
    )
  })
})

const damage = async (content: Buffer, root: string, options: Partial<ManifestFileOptions> = {}): Promise<string> => {
  const path = `${root}/damaged`
  writeFileSync(path, content)
  try {
    const source = manifestFile({ ...options, path })
    await source.describe()
    await listAll(source)
    return 'accepted'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('damage', () => {
  const signer = generateKeyPairSync('ed25519')

  it.each([
    ['unsigned', undefined],
    ['signed', signer.privateKey],
  ])('any changed, removed or added byte is found, and any cut: %s', async (_what, signingKey) => {
    const root = tempDirectory()
    await write(memorySource({ a: 'x', '\udcff': 'y' }), `${root}/m`, { signingKey })
    const whole = readFileSync(`${root}/m`)
    expect(await damage(whole, root)).toBe('accepted')
    const wrong: [string, number, string][] = []
    const refused = async (what: string, at: number, content: Buffer, options?: Partial<ManifestFileOptions>) => {
      const outcome = await damage(content, root, options)
      // A first byte that is no brace makes it a checksum file with a wrong line.
      if (outcome !== 'corrupt' && outcome !== 'invalid-config') wrong.push([what, at, outcome])
    }
    for (let at = 0; at < whole.length; at++) {
      const flipped = Buffer.from(whole)
      flipped[at]! ^= 1 << (at % 8)
      await refused('flipped', at, flipped)
      await refused('removed', at, Buffer.concat([whole.subarray(0, at), whole.subarray(at + 1)]))
      if (at % 7 > 0) continue
      await refused('cut', at, whole.subarray(0, at), { format: 'backproof' })
      await refused('added', at, Buffer.concat([whole.subarray(0, at), Buffer.from('\n'), whole.subarray(at)]))
    }
    await refused('added', whole.length, Buffer.concat([whole, Buffer.from('\n')]))
    await refused('doubled', 0, Buffer.concat([whole, whole]))
    expect(wrong).toEqual([])
  })

  it('property: fuzzed bytes never crash and never pass', async () => {
    const root = hostileTree(['a', 'b'])
    await write(localDirectory({ path: `${root}/data` }), `${root}/m`)
    const whole = readFileSync(`${root}/m`)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length),
        fc.nat(40),
        fc.oneof(
          fc.uint8Array({ maxLength: 40 }),
          fc.json().map((text) => Buffer.from(text)),
        ),
        async (at, removed, added) => {
          const content = Buffer.concat([whole.subarray(0, at), added, whole.subarray(at + removed)])
          fc.pre(!content.equals(whole))
          expect(await damage(content, root, { format: 'backproof' })).toMatch(/^(?:corrupt|invalid-config)$/)
        },
      ),
      { numRuns: 200 },
    )
  })

  it.each([
    [
      'an entry out of order',
      ['{"key":"b","kind":"object","size":1}', '{"key":"a","kind":"object","size":1}'],
      'corrupt',
    ],
    ['an entry twice', ['{"key":"a","kind":"object","size":1}', '{"key":"a","kind":"object","size":1}'], 'corrupt'],
    ['another sum of sizes', ['{"key":"a","kind":"object","size":3}'], 'corrupt'],
    ['no JSON', ['{"key":"a"'], 'invalid-config'],
    ['no size', ['{"key":"a","kind":"object"}'], 'invalid-config'],
    ['a size that is no count', ['{"key":"a","kind":"object","size":2.5}'], 'invalid-config'],
    ['an absolute key', ['{"key":"/a","kind":"object","size":2}'], 'invalid-config'],
    ['a short digest', ['{"key":"a","kind":"object","size":2,"digests":{"md5":"00"}}'], 'invalid-config'],
    ['a wrong keyBytes', ['{"key":"\\udcff","keyBytes":"fe","kind":"object","size":2}'], 'invalid-config'],
    ['no keyBytes', ['{"key":"\\udcff","kind":"object","size":2}'], 'invalid-config'],
    ['a link without target', ['{"key":"a","kind":"symlink"}'], 'invalid-config'],
    ['bytes that are not UTF-8', ['{"key":"\xff","kind":"object","size":2}'], 'invalid-config'],
  ])('a well-closed manifest with %s is refused', async (_what, lines, code) => {
    const root = tempDirectory()
    const head = Buffer.from(
      `${['{"schema":"backproof.manifest/v1","type":"header","source":"x:","created":"","algorithms":[]}', ...lines].join('\n')}\n`,
      'latin1',
    )
    const sha256 = execFileSync('sha256sum', { input: head }).toString().slice(0, 64)
    const end = `{"type":"end","entries":${lines.length},"bytes":2,"omitted":0,"sha256":"${sha256}"}\n`
    expect(await damage(Buffer.concat([head, Buffer.from(end)]), root)).toBe(code)
  })

  it('a header of another version is refused', async () => {
    const root = tempDirectory()
    const head = '{"schema":"backproof.manifest/v2","type":"header"}\n'
    const sha256 = execFileSync('sha256sum', { input: head }).toString().slice(0, 64)
    const end = `{"type":"end","entries":0,"bytes":0,"omitted":0,"sha256":"${sha256}"}\n`
    expect(await damage(Buffer.from(head + end), root)).toBe('invalid-config')
  })

  it('a manifest that is replaced between the check and the listing is changed', async () => {
    const root = hostileTree(['a'])
    const source = localDirectory({ path: `${root}/data` })
    await write(source, `${root}/m`)
    const against = manifestFile({ path: `${root}/m` })
    await against.describe()
    const text = readFileSync(`${root}/m`, 'utf8')
    writeFileSync(`${root}/m`, text.replace('"a"', '"b"'))
    await expect(listAll(against)).rejects.toMatchObject({ code: 'changed' })
  })
})

describe('a signature', () => {
  const pem = (key: KeyObject, type: 'pkcs8' | 'spki'): string => key.export({ type, format: 'pem' }) as string

  it('is one that openssl verifies, and only the right key reads', async () => {
    const root = hostileTree(['a'])
    const mine = generateKeyPairSync('ed25519')
    const other = generateKeyPairSync('ed25519')
    const source = localDirectory({ path: `${root}/data` })
    await write(source, `${root}/m`, { signingKey: pem(mine.privateKey, 'pkcs8') })
    await write(source, `${root}/plain`)
    const publicKey = pem(mine.publicKey, 'spki')
    expect((await check(source, `${root}/m`, { publicKey })).totals.outcomes.match).toBe(1)
    expect((await check(source, `${root}/m`)).totals.outcomes.match).toBe(1)
    const { sha256, signature } = JSON.parse(readFileSync(`${root}/m`, 'utf8').trimEnd().split('\n').at(-1)!)
    writeFileSync(`${root}/text`, `backproof.manifest/v1 sha256 ${sha256}\n`)
    writeFileSync(`${root}/signature`, Buffer.from(signature.value, 'hex'))
    writeFileSync(`${root}/key.pem`, publicKey)
    const openssl = spawnSync('openssl', [
      ...['pkeyutl', '-verify', '-pubin', '-inkey', `${root}/key.pem`, '-rawin'],
      ...['-in', `${root}/text`, '-sigfile', `${root}/signature`],
    ])
    expect(openssl.stdout.toString()).toContain('Signature Verified Successfully')
    await expect(listAll(manifestFile({ path: `${root}/m`, publicKey: other.publicKey }))).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('is signed by the key'),
    })
    await expect(listAll(manifestFile({ path: `${root}/plain`, publicKey }))).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('is not signed'),
    })
  })

  it('needs an Ed25519 key of the right kind, and no message quotes it', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const ed = generateKeyPairSync('ed25519')
    const secret = pem(ed.privateKey, 'pkcs8')
    const wrong = [pem(rsa.publicKey, 'spki'), secret, 'nonsense', `${secret.slice(0, 60)}!`, ed.privateKey]
    for (const publicKey of wrong) {
      expect(() => manifestFile({ path: 'x', publicKey })).toThrow(
        expect.objectContaining({ code: 'invalid-config', message: expect.not.stringContaining(secret.slice(30, 60)) }),
      )
    }
    for (const signingKey of [pem(ed.publicKey, 'spki'), rsa.privateKey, 'nonsense'])
      await expect(writeManifest(memorySource({}), new PassThrough(), { signingKey })).rejects.toMatchObject({
        code: 'invalid-config',
      })
  })
})

describe('checksum files', () => {
  it.each([
    ['sha256', 'sha256sum', hostile],
    ['md5', 'md5sum', hostile],
    ['sha512', 'sha512sum', hostile],
    // b3sum 1.2 reads lists in UTF-8 only.
    ['blake3', 'b3sum', hostile.filter((name) => name !== 'raw\xff')],
  ] as const)('%s: %s -c is content', async (algorithm, command, names) => {
    const root = hostileTree(names)
    symlinkSync('plain', `${root}/data/link`)
    const source = localDirectory({ path: `${root}/data` })
    const file = algorithm === 'blake3' ? 'x.b3' : 'x'
    const written = await write(source, `${root}/${file}`, { algorithms: [algorithm], format: 'checksum' })
    expect(written).toMatchObject({ entries: names.length, leftOut: { symlink: 1 } })
    const told = spawnSync(command, ['-c', `../${file}`], { cwd: `${root}/data` })
    expect([told.status, told.stderr.toString()]).toEqual([0, ''])
    expect(told.stdout.toString().trimEnd().split('\n').length).toBeGreaterThanOrEqual(names.length)
    unlinkSync(`${root}/data/link`)
    expect((await check(source, `${root}/${file}`)).totals.outcomes.match).toBe(names.length)
    writeFileSync(`${root}/data/plain`, 'content 9')
    expect(spawnSync(command, ['-c', `../${file}`], { cwd: `${root}/data` }).status).toBe(1)
  })

  it('with several algorithms name each, and sha256sum -c picks its own', async () => {
    const root = hostileTree()
    const source = localDirectory({ path: `${root}/data` })
    await write(source, `${root}/x`, { algorithms: ['sha256', 'md5'], format: 'checksum' })
    for (const command of ['sha256sum', 'md5sum'])
      expect(spawnSync(command, ['--quiet', '-c', '../x'], { cwd: `${root}/data` }).status).toBe(0)
    expect((await check(source, `${root}/x`)).totals.outcomes.match).toBe(hostile.length)
  })
})

describe('what cannot be recorded', () => {
  it('is told, not written, and the rest stands', async () => {
    const root = tempDirectory()
    const inner = memorySource({ a: 'x', b: 'y', c: 'z' })
    const source = faultySource(inner, [{ kind: 'short-body', key: 'b', bytes: 0 }])
    const written = await write(source, `${root}/m`)
    expect(written).toMatchObject({ entries: 2, omitted: 1 })
    expect(written.unreadable).toMatchObject([{ key: 'b', outcome: 'unreadable' }])
    expect(await keysOf(manifestFile({ path: `${root}/m` }))).toEqual(['a', 'c'])
    expect(readFileSync(`${root}/m`, 'utf8')).toContain('"omitted":1')
    expect((await check(inner, `${root}/m`)).totals.outcomes).toMatchObject({ match: 2, extra: 1 })
  })

  it('includes objects that differ from the digest that their store keeps', async () => {
    const root = tempDirectory()
    const source = memorySource({ a: 'x', b: 'y' }, { digests: [{ algorithm: 'md5', provenance: 'service' }] })
    await listAll(source)
    source.rot('b', 'Y')
    const written = await write(source, `${root}/m`)
    expect(written).toMatchObject({ entries: 1, omitted: 1, unreadable: [{ key: 'b', outcome: 'mismatch' }] })
  })

  it('leaves a manifest without its last line when the run ends early', async () => {
    const root = hostileTree()
    const controller = new AbortController()
    const chunks: Buffer[] = []
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk)
        controller.abort(new Error('enough'))
        done()
      },
    })
    const source = localDirectory({ path: `${root}/data` })
    await expect(writeManifest(source, sink, { signal: controller.signal, workers: 0 })).rejects.toThrow('enough')
    expect(await damage(Buffer.concat(chunks), root, { format: 'backproof' })).toBe('corrupt')
    expect(openBelow(root)).toEqual([])
  })

  it('a sink that fails or takes nothing any more ends the run', async () => {
    const source = memorySource({ a: 'x' })
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('disk full')) })
    await expect(writeManifest(source, full)).rejects.toMatchObject({
      code: 'unavailable',
      operation: 'write',
      message: expect.stringContaining('disk full'),
    })
    const stuck = new Writable({ write: () => undefined })
    const signal = AbortSignal.timeout(50)
    await expect(writeManifest(source, stuck, { signal })).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(stuck.listenerCount('error')).toBe(0)
  })

  it('options that cannot work are refused', async () => {
    const wrong: unknown[] = [
      { algorithms: [] },
      { algorithms: ['sha-257'] },
      { algorithms: ['md5', 'md5'] },
      { format: 'xml' },
      { format: 'checksum', signingKey: generateKeyPairSync('ed25519').privateKey },
      { shard: { index: 0, count: 2 } },
    ]
    for (const options of wrong)
      await expect(
        writeManifest(memorySource({}), new PassThrough(), options as WriteManifestOptions),
      ).rejects.toMatchObject({ code: 'invalid-config' })
    for (const options of [{ path: 'x', format: 'xml' }, { path: 'x', algorithm: 'x' }, { path: '' }, { pfad: 'x' }])
      expect(() => manifestFile(options as unknown as ManifestFileOptions)).toThrow(
        expect.objectContaining({ code: 'invalid-config' }),
      )
  })
})

it('a link to a name that is not UTF-8 comes back', async () => {
  const root = tempDirectory()
  mkdirSync(`${root}/data`)
  symlinkSync(Buffer.from('raw\xff', 'latin1'), below(`${root}/data`, 'l\xfe'))
  const source = localDirectory({ path: `${root}/data` })
  await write(source, `${root}/m`)
  expect((await check(source, `${root}/m`)).totals.methods.link).toBe(1)
})
