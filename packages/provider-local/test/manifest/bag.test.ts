import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { summarize } from '@backproof/core/report'
import { verify } from '@backproof/core/verify'
import { type BagOptions, bag } from '@backproof/provider-local'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keysOf, listAll, openBelow, tempDirectory, utf8, writeTree } from '../support/tree.js'

const hash = (algorithm: string, content: string): string =>
  createHash(algorithm).update(content, 'latin1').digest('hex')

interface Plan {
  /** Payload: names below data/, one byte a character, to ASCII contents. */
  readonly payload: Readonly<Record<string, string>>
  readonly algorithms?: readonly string[]
  readonly version?: string
  readonly tagAlgorithms?: readonly string[]
  /** Further tag files. */
  readonly tags?: Readonly<Record<string, string>>
  readonly lineEnd?: string
}

/** Written from RFC 8493, with nothing of the code under test. Files are one byte a character. */
const makeBag = ({
  payload,
  algorithms = ['sha512'],
  version = '1.0',
  tagAlgorithms = [],
  tags = {},
  lineEnd = '\n',
}: Plan): string => {
  const root = `${tempDirectory()}/bag`
  const encode = (name: string): string =>
    version === '1.0'
      ? name.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
      : name.replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  const list = (algorithm: string, files: Readonly<Record<string, string>>, below: string): string =>
    Object.entries(files)
      .map(([name, content]) => `${hash(algorithm, content)}  ${below}${encode(name)}${lineEnd}`)
      .join('')
  const tagFiles: Record<string, string> = {
    'bagit.txt': `BagIt-Version: ${version}${lineEnd}Tag-File-Character-Encoding: UTF-8${lineEnd}`,
    ...Object.fromEntries(algorithms.map((one) => [`manifest-${one}.txt`, list(one, payload, 'data/')])),
    ...tags,
  }
  writeTree(
    tempRoot(root),
    Object.fromEntries(Object.entries(payload).map(([name, text]) => [`bag/data/${name}`, text])),
  )
  for (const [name, text] of Object.entries(tagFiles)) {
    mkdirSync(dirname(`${root}/${name}`), { recursive: true })
    writeFileSync(`${root}/${name}`, text, 'latin1')
  }
  for (const one of tagAlgorithms) writeFileSync(`${root}/tagmanifest-${one}.txt`, list(one, tagFiles, ''), 'latin1')
  return root
}

const tempRoot = (root: string): string => root.slice(0, -'/bag'.length)

const check = async (path: string, options: Partial<BagOptions> = {}) =>
  (await verify({ ...bag({ ...options, path }), workers: 0 }).report()).result

const told = async (path: string) =>
  (await check(path)).findings.map(({ key, outcome, reason, error }) => [
    key,
    outcome,
    reason,
    ...(error === undefined ? [] : [error.message]),
  ])

describe('a valid bag', () => {
  it('is the example of RFC 8493, section 4.1', async () => {
    const root = `${tempDirectory()}/myfirstbag`
    // The contents are not in the RFC; its listing is, with the digests of these files in place of its own.
    const files = { 'data/27613-h/images/q172.png': 'png', 'data/27613-h/images/q172.txt': 'ocr' }
    writeTree(root.slice(0, -11), Object.fromEntries(Object.entries(files).map(([k, v]) => [`myfirstbag/${k}`, v])))
    const lines = Object.entries(files).map(([name, content]) => `${hash('sha256', content)} ${name}\n`)
    writeFileSync(`${root}/manifest-sha256.txt`, lines.join(''))
    writeFileSync(`${root}/bagit.txt`, 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n')
    writeFileSync(
      `${root}/bag-info.txt`,
      'Contact-Name: Edna Janssen\nExternal-Description: Uncompressed greyscale TIFF images from the\n    Yoshimuri papers collection.\nPayload-Oxum: 6.2\n',
    )
    const result = await check(root)
    expect(result.totals).toMatchObject({ findings: 2, outcomes: { match: 2 }, grades: { read: 2 } })
    expect(result.source.excluded).toEqual({ 'unlisted-tag-file': 3 })
    expect(summarize(result).proven).toBe(true)
  })

  it.each([
    ['several payload manifests', { algorithms: ['md5', 'sha256', 'sha512'] }],
    ['tag manifests', { tagAlgorithms: ['md5', 'sha256'], tags: { 'bag-info.txt': 'Payload-Oxum: 26.13\n' } }],
    ['version 0.97', { version: '0.97' }],
    ['lines that end in CR LF', { lineEnd: '\r\n' }],
    ['lines that end in CR', { lineEnd: '\r' }],
  ] as const)('with hostile names: %s', async (_what, plan) => {
    const names = [
      'a',
      'sp ace',
      'new\nline',
      'c\rr',
      'crlf\r\nx',
      '%',
      '%0A',
      '%25',
      '100%41',
      'raw\xff',
      utf8('\u00e9'),
      '*star',
      'd/e',
    ]
    // Versions before 1.0 cannot tell these from encoded names.
    const fitting = 'version' in plan ? names.filter((name) => !/^%0A|%25/.test(name)) : names
    const payload = Object.fromEntries(fitting.map((name) => [name, 'xy']))
    const root = makeBag({ payload, ...plan })
    const result = await check(root)
    expect(result.findings).toEqual([])
    expect(summarize(result).proven).toBe(true)
    const tagFiles = 'tagAlgorithms' in plan ? 3 : 0
    expect(result.totals.outcomes.match).toBe(fitting.length + tagFiles)
    const { against } = bag({ path: root })
    const listed = await listAll(against)
    expect(await against.stat(JSON.parse(JSON.stringify(listed[0]!.ref)))).toEqual(listed[0])
    expect(await keysOf(against, { after: listed[1]!.key })).toEqual(listed.slice(2).map(({ key }) => key))
    expect(openBelow(root)).toEqual([])
  })

  it('may be checked in another place', async () => {
    const root = makeBag({ payload: { a: 'x' }, tagAlgorithms: ['sha256'] })
    const copy = `${tempDirectory()}/copy`
    cpSync(root, copy, { recursive: true })
    expect((await check(root, { copy })).totals.outcomes.match).toBe(3)
    writeFileSync(`${copy}/bagit.txt`, 'BagIt-Version: 1.0\n')
    const { outcomes } = (await check(root, { copy })).totals
    expect(outcomes).toMatchObject({ match: 2, mismatch: 1 })
  })
})

describe('what makes a bag incomplete or invalid is told', () => {
  const plan: Plan = { payload: { a: 'x', b: 'y' }, algorithms: ['md5', 'sha256'], tagAlgorithms: ['sha256'] }

  it('a changed payload file', async () => {
    const root = makeBag(plan)
    writeFileSync(`${root}/data/a`, 'X')
    expect(await told(root)).toMatchObject([['data/a', 'mismatch', 'digest']])
  })

  it('a payload file that one manifest denies', async () => {
    const root = makeBag(plan)
    const file = `${root}/manifest-md5.txt`
    writeFileSync(file, readFileSync(file, 'utf8').replace(hash('md5', 'x'), hash('md5', 'z')))
    expect(await told(root)).toMatchObject([
      ['data/a', 'mismatch', 'digest'],
      ['manifest-md5.txt', 'mismatch', 'digest'],
    ])
  })

  it('a missing and an unlisted payload file', async () => {
    const root = makeBag(plan)
    renameSync(`${root}/data/a`, `${root}/data/c`)
    expect(await told(root)).toMatchObject([
      ['data/a', 'missing', 'absent'],
      ['data/c', 'extra', 'absent'],
    ])
  })

  it('a payload file that one manifest does not list: since version 1.0', async () => {
    for (const version of ['1.0', '0.97']) {
      const root = makeBag({ ...plan, tagAlgorithms: [], version })
      writeFileSync(`${root}/manifest-md5.txt`, `${hash('md5', 'x')}  data/a\n`)
      const found = await told(root)
      if (version === '0.97') expect(found).toEqual([])
      else
        expect(found).toEqual([
          ['data/b', 'unreadable', 'listing-failed', 'data/b is in manifest-sha256.txt, but not in manifest-md5.txt.'],
        ])
    }
  })

  it('a file that is listed twice', async () => {
    const root = makeBag({ payload: { a: 'x' } })
    appendFileSync(`${root}/manifest-sha512.txt`, `${hash('sha512', 'x')}  data/a\n`)
    expect(await told(root)).toMatchObject([
      ['data/a', 'unreadable', 'listing-failed', expect.stringContaining('twice')],
    ])
  })

  it('a changed and a missing tag file', async () => {
    const root = makeBag({ ...plan, tags: { 'bag-info.txt': 'A: b\n', 'more/notes.txt': 'c' } })
    expect(await told(root)).toEqual([])
    writeFileSync(`${root}/bag-info.txt`, 'A: c\n')
    rmSync(`${root}/more/notes.txt`)
    expect(await told(root)).toMatchObject([
      ['bag-info.txt', 'mismatch', 'digest'],
      ['more/notes.txt', 'missing', 'absent'],
    ])
  })

  it('files of fetch.txt that were not fetched, and those that no manifest lists', async () => {
    const root = makeBag({ payload: { a: 'x', 'b%\n': 'y', c: 'z' } })
    const line = (name: string): string => `https://user:secret@example.org/x 1 data/${name}\n`
    writeFileSync(`${root}/fetch.txt`, line('b%25%0A') + line('c').replace(' 1 ', ' - ') + line('d'))
    rmSync(`${root}/data/b%\n`)
    const found = await told(root)
    expect(found).toEqual([
      ['data/b%\n', 'missing', 'absent', 'data/b%\\n is in fetch.txt and was not fetched.'],
      ['data/d', 'missing', 'absent', 'data/d is in fetch.txt, but in no payload manifest.'],
    ])
    expect(JSON.stringify(await check(root))).not.toContain('secret')
  })

  it('another payload than Payload-Oxum says, whoever lists bag-info.txt', async () => {
    for (const tagAlgorithms of [[], ['md5']]) {
      const root = makeBag({ ...plan, tagAlgorithms, tags: { 'bag-info.txt': 'Payload-Oxum: 3.2\n' } })
      expect(await told(root)).toEqual([
        [
          'bag-info.txt',
          'unreadable',
          'listing-failed',
          expect.stringContaining('3 bytes in 2 files (Payload-Oxum); it is 2 in 2'),
        ],
      ])
    }
  })

  it('a link in the place of a payload file', async () => {
    const root = makeBag(plan)
    rmSync(`${root}/data/a`)
    symlinkSync('b', `${root}/data/a`)
    expect(await told(root)).toMatchObject([['data/a', 'mismatch', 'kind']])
  })
})

describe('what is no bag is refused', () => {
  const refusal = async (root: string): Promise<{ code: string; message: string }> => {
    try {
      const { source, against } = bag({ path: root })
      await against.describe()
      await listAll(against)
      await listAll(source)
    } catch (error) {
      return error as { code: string; message: string }
    }
    throw new Error('it was accepted')
  }

  it.each([
    ['no bagit.txt', 'bagit.txt', undefined, 'invalid-config', /no bagit\.txt/],
    ['no version', 'bagit.txt', 'Tag-File-Character-Encoding: UTF-8\n', 'invalid-config', /BagIt-Version/],
    ['no encoding', 'bagit.txt', 'BagIt-Version: 1.0\n', 'invalid-config', /Encoding/],
    ['UTF-16', 'bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-16\n', 'unsupported', /UTF-16/],
    ['no payload manifest', 'manifest-sha512.txt', undefined, 'invalid-config', /no payload manifest/],
    [
      'a wrong line',
      'manifest-sha512.txt',
      `${hash('sha512', 'x')}  data/a\nx\n`,
      'invalid-config',
      /Line 2 of manifest-sha512/,
    ],
    ['a short digest', 'manifest-sha512.txt', 'abcd data/a\n', 'invalid-config', /4 hexadecimal digits/],
    [
      'payload outside of data/',
      'manifest-sha512.txt',
      `${hash('sha512', 'x')}  a\n`,
      'invalid-config',
      /not lie in data/,
    ],
    [
      'a name that leads out',
      'manifest-sha512.txt',
      `${hash('sha512', 'x')}  data/../../a\n`,
      'invalid-config',
      /leads out/,
    ],
    ['an absolute name', 'manifest-sha512.txt', `${hash('sha512', 'x')}  /etc/passwd\n`, 'invalid-config', /absolute/],
    ['payload in a tag manifest', 'tagmanifest-md5.txt', `${hash('md5', 'x')}  data/a\n`, 'invalid-config', /payload/],
    ['a wrong line of fetch.txt', 'fetch.txt', 'http://x data/a\n', 'invalid-config', /Line 1 of fetch\.txt/],
    ['a wrong Payload-Oxum', 'bag-info.txt', 'Payload-Oxum: many\n', 'invalid-config', /Payload-Oxum/],
  ])('%s', async (_what, file, content, code, message) => {
    const root = makeBag({ payload: { a: 'x' } })
    if (content === undefined) rmSync(`${root}/${file}`)
    else writeFileSync(`${root}/${file}`, content)
    expect(await refusal(root)).toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it('a directory that is not there, and wrong options', async () => {
    expect((await refusal(`${tempDirectory()}/none`)).code).toBe('not-found')
    for (const options of [undefined, {}, { path: '' }, { path: 'x', copi: 'y' }])
      expect(() => bag(options as BagOptions)).toThrow(expect.objectContaining({ code: 'invalid-config' }))
  })

  it('property: fuzzed tag files are read or refused, and never crash', async () => {
    const root = makeBag({ payload: { a: 'x' }, tagAlgorithms: ['md5'] })
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(`${hash('sha512', 'x')} data/a`, 'BagIt-Version: 1.0', 'http://x - data/a', '\r', '%0a data/%25'),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('bagit.txt', 'manifest-sha512.txt', 'tagmanifest-md5.txt', 'fetch.txt', 'bag-info.txt'),
        fc.array(line, { maxLength: 4 }),
        async (file, lines) => {
          const copy = `${tempRoot(root)}/fuzzed`
          cpSync(root, copy, { recursive: true })
          writeFileSync(`${copy}/${file}`, lines.join('\n'))
          const outcome = await check(copy)
            .then((result) => (summarize(result).proven ? 'proven' : 'not proven'))
            .catch(({ code }) => code as string)
          expect(['proven', 'not proven', 'invalid-config', 'unsupported']).toContain(outcome)
          rmSync(copy, { recursive: true })
        },
      ),
      { numRuns: 40 },
    )
  })
})

it('a payload folder that cannot be listed hides what lies in it', async () => {
  const root = makeBag({ payload: { 'd/a': 'x' }, tags: { 'bag-info.txt': 'Payload-Oxum: 1.1\n' } })
  chmodSync(`${root}/data/d`, 0)
  const { outcomes } = (await check(root)).totals
  // Root may list everything.
  expect(process.getuid?.() === 0 ? outcomes.match : outcomes.error).toBeGreaterThan(0)
  expect(outcomes.missing).toBe(0)
})
