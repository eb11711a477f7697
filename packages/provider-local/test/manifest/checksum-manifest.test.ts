import { execFileSync } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import type { Digest } from '@backproof/core/digest'
import type { ObjectEntry } from '@backproof/core/source'
import { type ChecksumManifestOptions, checksumManifest } from '@backproof/provider-local'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keysOf, listAll, openBelow, tempDirectory, utf8, writeTree } from '../support/tree.js'

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const EMPTY_MD5 = 'd41d8cd98f00b204e9800998ecf8427e'

const manifest = (content: string, name = 'SHA256SUMS', options: Partial<ChecksumManifestOptions> = {}) => {
  const path = `${tempDirectory()}/${name}`
  writeFileSync(path, content, 'latin1')
  return checksumManifest({ ...options, path })
}

const digestsOf = async (source: ReturnType<typeof checksumManifest>): Promise<(Digest | undefined)[]> =>
  (await listAll(source)).map(({ digests }) => digests?.[0])

describe('what the tools write', () => {
  const names = [
    'plain',
    'with space',
    ' lead',
    'new\nline',
    'back\\slash',
    'cr\r',
    'raw\xff',
    utf8('\u00e9\u{1f600}'),
    'd/e',
    'a) = b',
    '*star',
  ]
  const hashTree = (command: string, file: string): { root: string; path: string } => {
    const root = tempDirectory()
    writeTree(root, Object.fromEntries(names.map((name, i) => [`data/${name}`, `content ${i}`])))
    execFileSync('sh', ['-c', `find . -type f -print0 | sort -z | xargs -0 ${command} > ../${file}`], {
      cwd: `${root}/data`,
    })
    return { root, path: `${root}/${file}` }
  }

  it.each([
    ['sha256sum', 'SHA256SUMS', 'sha256', 64],
    ['sha256sum -b', 'x.sha256', 'sha256', 64],
    ['sha256sum --tag', 'list.txt', 'sha256', 64],
    ['sha512sum', 'plain.txt', 'sha512', 128],
    ['sha1sum --tag', 'sums', 'sha1', 40],
    ['md5sum', 'md5sums.txt', 'md5', 32],
    ['b3sum', 'B3SUMS', 'blake3', 64],
  ])('%s in %s', async (command, file, algorithm, digits) => {
    const { root, path } = hashTree(command, file)
    const source = checksumManifest({ path })
    const entries = await listAll(source)
    // b3sum 1.2 replaces bytes that are not UTF-8 by U+FFFD when it writes names.
    const shown =
      command === 'b3sum' ? (name: string) => name.replace('raw\xff', utf8('raw\ufffd')) : (name: string) => name
    const found = entries.map(({ key, keyBytes }) => (keyBytes ? Buffer.from(keyBytes).toString('latin1') : utf8(key)))
    expect(found.sort()).toEqual(names.map(shown).sort())
    expect(entries.every(({ size, kind }) => size === undefined && kind === 'object')).toBe(true)
    for (const { digests } of entries) {
      expect(digests).toEqual([
        { algorithm, value: expect.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`)), provenance: 'recorded' },
      ])
    }
    const plain = entries.find(({ key }) => key === 'plain')
    const told = execFileSync(command.split(' ')[0]!, [`${root}/data/plain`])
      .toString()
      .split(' ')[0]
    expect(plain?.digests?.[0]?.value).toBe(told)
    expect((await source.describe()).listingDigests).toEqual([{ algorithm, provenance: 'recorded' }])
  })

  it('property: escapes of coreutils come back as the name', async () => {
    const name = fc.string({
      unit: fc.constantFrom('\\', '\n', '\r', 'n', 'r', 'a', '\xff', ' ', '*', '(', ')', '='),
      minLength: 1,
      maxLength: 8,
    })
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { minLength: 1, maxLength: 10 }), fc.boolean(), async (names, tagged) => {
        const lines = names.map((given) => {
          const escaped = given.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
          const mark = escaped === given ? '' : '\\'
          return tagged ? `${mark}SHA256 (${escaped}) = ${EMPTY_SHA256}` : `${mark}${EMPTY_SHA256}  ${escaped}`
        })
        const entries = await listAll(manifest(`${lines.join('\n')}\n`))
        expect(entries.map(({ ref }) => (ref as { name: string }).name)).toEqual(names)
      }),
      { numRuns: 50 },
    )
  })
})

describe('lines', () => {
  it('may end in CR LF, be comments or empty, start with ./, and lack an end', async () => {
    const source = manifest(
      `# made by hand\r\n\r\n${EMPTY_SHA256}  ./a\r\n${EMPTY_SHA256.toUpperCase()} *.//b/./c\r\n${EMPTY_SHA256}  d`,
    )
    expect(await keysOf(source)).toEqual(['a', 'b/c', 'd'])
    expect((await digestsOf(source)).map((digest) => digest?.value)).toEqual(Array(3).fill(EMPTY_SHA256))
  })

  it('keep a carriage return that belongs to a name', async () => {
    expect(await keysOf(manifest(`${EMPTY_SHA256}  a\n${EMPTY_SHA256}  b\r\n`))).toEqual(['a', 'b\r'])
  })

  it('are listed as often as they stand there', async () => {
    expect(await keysOf(manifest(`${EMPTY_SHA256}  a\n${EMPTY_SHA256}  a\n`))).toEqual(['a', 'a'])
  })

  it('are an empty source when there are none', async () => {
    for (const content of ['', '\n', '# nothing\n']) {
      const source = manifest(content)
      expect(await listAll(source)).toEqual([])
      expect((await source.describe()).listingDigests).toEqual([])
    }
  })

  it.each([
    ['no digest', `${EMPTY_SHA256}  a\nnot a line\n`, /Line 2 .*expected/],
    ['one space', `${EMPTY_SHA256} a\n`, /Line 1 .*expected/],
    ['no name', `${EMPTY_SHA256}  \n`, /Line 1 .*expected/],
    ['a short digest', `${EMPTY_SHA256.slice(1)}  a\n`, /Line 1 .*63 hexadecimal digits; a sha256 digest has 64/],
    ['a wrong escape', `\\${EMPTY_SHA256}  a\\t\n`, /Line 1 .*backslash/],
    ['an escape at the end', `\\${EMPTY_SHA256}  a\\\n`, /Line 1 .*backslash/],
    ['an absolute name', `# x\n\n${EMPTY_SHA256}  /etc/passwd\n`, /Line 3 .*absolute path \/etc\/passwd/],
    ['a name that leads out', `${EMPTY_SHA256}  a/../../b\n`, /Line 1 .*leads out/],
    ['a directory', `${EMPTY_SHA256}  ./\n`, /Line 1 .*names no file/],
    ['another algorithm', `SHA512 (a) = ${'0'.repeat(128)}\n`, /Line 1 .*sha512.*sha256/],
    ['a binary file', `\x7fELF${'\0'.repeat(70_000)}`, /Line 1 .*longer than 65536 bytes/],
  ])('are refused with their number: %s', async (_what, content, message) => {
    const source = manifest(content)
    await expect(listAll(source)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(message),
    })
    await expect(source.describe()).rejects.toMatchObject({ code: 'invalid-config' })
  })

  it('keep their number across chunks', async () => {
    const line = `${EMPTY_SHA256}  ${'n'.repeat(100)}\n`
    await expect(listAll(manifest(`${line.repeat(5_000)}broken\n`))).rejects.toThrow(/Line 5001 /)
    expect(await listAll(manifest(line.repeat(5_000)))).toHaveLength(5_000)
  })
})

describe('the algorithm', () => {
  const first = async (source: ReturnType<typeof checksumManifest>): Promise<string | undefined> =>
    (await digestsOf(source))[0]?.algorithm

  it('is told by option, tag, file name or length', async () => {
    expect(await first(manifest(`${EMPTY_SHA256}  a\n`, 'list.txt'))).toBe('sha256')
    expect(await first(manifest(`${EMPTY_SHA256}  a\n`, 'list.txt', { algorithm: 'blake3' }))).toBe('blake3')
    expect(await first(manifest(`${EMPTY_SHA256}  a\n`, 'list.b3'))).toBe('blake3')
    expect(await first(manifest(`${EMPTY_SHA256}  a\n`, 'manifest-sha256.txt'))).toBe('sha256')
    expect(await first(manifest(`BLAKE3 (a) = ${EMPTY_SHA256}\n`, 'list.txt'))).toBe('blake3')
    expect(await first(manifest(`SHA2-256(a)= ${EMPTY_SHA256}\n`, 'list.txt'))).toBe('sha256')
    expect(await first(manifest(`${EMPTY_MD5}  a\n`, 'list.txt'))).toBe('md5')
    expect(await first(manifest(`${EMPTY_MD5}  a\n`, 'list.txt', { algorithm: 'xxh3-128' }))).toBe('xxh3-128')
  })

  it('may be one that we do not know, and is then reported by its name', async () => {
    expect(await first(manifest(`BLAKE2b (a) = ${'0'.repeat(128)}\n`, 'list.txt'))).toBe('blake2b')
  })

  it('is asked for when the length leaves it open', async () => {
    await expect(listAll(manifest('cbf43926  a\n', 'list.txt'))).rejects.toThrow(
      /8 hexadecimal digits.*option algorithm/,
    )
    expect(await first(manifest('cbf43926  a\n', 'list.txt', { algorithm: 'crc32' }))).toBe('crc32')
  })
})

describe('the root', () => {
  it('is taken from the front of names', async () => {
    const content = `${EMPTY_SHA256}  /srv/shop/a\n${EMPTY_SHA256}  /srv//shop/./b/c\n`
    expect(await keysOf(manifest(content, 'S.sha256', { root: '/srv/shop/' }))).toEqual(['a', 'b/c'])
    expect(await keysOf(manifest(`${EMPTY_SHA256}  ./shop/a\n`, 'S.sha256', { root: './shop' }))).toEqual(['a'])
    expect(await keysOf(manifest(`${EMPTY_SHA256}  /a/b\n`, 'S.sha256', { root: '/' }))).toEqual(['a/b'])
  })

  it('must be in front of all names', async () => {
    const content = `${EMPTY_SHA256}  /srv/shop/a\n${EMPTY_SHA256}  /srv/shopping\n`
    await expect(listAll(manifest(content, 'S.sha256', { root: '/srv/shop' }))).rejects.toThrow(
      /Line 2 .*not below the root/,
    )
    const leading = `${EMPTY_SHA256}  /srv/shop/../x\n`
    await expect(listAll(manifest(leading, 'S.sha256', { root: '/srv/shop' }))).rejects.toThrow(/Line 1 .*leads out/)
  })
})

describe('the source', () => {
  it('has no bytes, and stat gives what was listed', async () => {
    const source = manifest(`${EMPTY_SHA256}  a\xff\n`)
    const [entry] = (await listAll(source)) as [ObjectEntry]
    expect(await source.stat(JSON.parse(JSON.stringify(entry.ref)))).toEqual(entry)
    await expect(source.read(entry.ref)).rejects.toMatchObject({ code: 'unsupported' })
    await expect(source.stat({ name: 1 })).rejects.toMatchObject({ code: 'invalid-config' })
    const traits = await source.describe()
    expect(traits).toMatchObject({ keyOrder: 'none', readCost: 'impossible', rangeReads: false })
    expect(Object.isFrozen(traits)).toBe(true)
  })

  it('stops on abort and early return with nothing open, and after it was disposed of', async () => {
    const root = tempDirectory()
    const path = `${root}/SHA256SUMS`
    writeFileSync(path, `${EMPTY_SHA256}  ${'n'.repeat(100)}\n`.repeat(5_000))
    const source = checksumManifest({ path })
    const controller = new AbortController()
    const pages = source.list({ signal: controller.signal })[Symbol.asyncIterator]()
    await pages.next()
    expect(openBelow(root)).toHaveLength(1)
    controller.abort(new Error('enough'))
    await expect(pages.next()).rejects.toThrow('enough')
    for await (const page of source.list()) {
      expect(page.length).toBeGreaterThan(100)
      break
    }
    expect(openBelow(root)).toEqual([])
    await source[Symbol.asyncDispose]?.()
    await expect(listAll(source)).rejects.toMatchObject({ code: 'invalid-config' })
  })

  it('is changed when the file grows while it is listed', async () => {
    const path = `${tempDirectory()}/SHA256SUMS`
    writeFileSync(path, `${EMPTY_SHA256}  ${'n'.repeat(100)}\n`.repeat(5_000))
    const pages = checksumManifest({ path }).list()[Symbol.asyncIterator]()
    await pages.next()
    appendFileSync(path, `${EMPTY_SHA256}  late\n`)
    await expect(
      (async (): Promise<void> => {
        while ((await pages.next()).done !== true);
      })(),
    ).rejects.toMatchObject({ code: 'changed' })
  })

  it('is refused when it is missing, a directory or a FIFO, and for wrong options', async () => {
    const root = tempDirectory()
    await expect(listAll(checksumManifest({ path: `${root}/none` }))).rejects.toMatchObject({ code: 'not-found' })
    await expect(listAll(checksumManifest({ path: root }))).rejects.toMatchObject({ code: 'invalid-config' })
    execFileSync('mkfifo', [`${root}/fifo`])
    await expect(listAll(checksumManifest({ path: `${root}/fifo` }))).rejects.toMatchObject({ code: 'invalid-config' })
    const wrong: unknown[] = [
      undefined,
      {},
      { path: '' },
      { path: 'x', algorithm: 'sha-257' },
      { path: 'x', root: '' },
      { path: 'x', algoritm: 'md5' },
    ]
    for (const options of wrong) {
      expect(() => checksumManifest(options as ChecksumManifestOptions)).toThrow(
        expect.objectContaining({ code: 'invalid-config' }),
      )
    }
  })
})
