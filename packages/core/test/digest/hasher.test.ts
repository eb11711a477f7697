import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHasher, KNOWN_ALGORITHMS, type KnownAlgorithm, type MultiHasher } from '../../src/digest/index.js'
import { VECTORS } from './vectors.js'

const hashOf = (hasher: MultiHasher, chunks: readonly Uint8Array[]): Readonly<Record<string, string>> => {
  hasher.reset()
  for (const chunk of chunks) hasher.update(chunk)
  return hasher.digest()
}

describe('published vectors', () => {
  it.each(KNOWN_ALGORITHMS)('%s', async (algorithm) => {
    const hasher = await createHasher([algorithm])
    for (const [input, expected] of VECTORS[algorithm]) {
      expect(hashOf(hasher, [input])).toEqual({ [algorithm]: expected })
      const bytewise = Array.from({ length: Math.min(input.length, 5000) }, (_, i) => input.subarray(i, i + 1))
      expect(hashOf(hasher, [...bytewise, input.subarray(5000)])).toEqual({ [algorithm]: expected })
    }
  })

  it('are there for every algorithm', () => {
    for (const algorithm of KNOWN_ALGORITHMS) expect(VECTORS[algorithm].length).toBeGreaterThan(0)
  })
})

describe('chunking', () => {
  let all: MultiHasher
  const single = new Map<KnownAlgorithm, MultiHasher>()
  beforeAll(async () => {
    all = await createHasher(KNOWN_ALGORITHMS)
    for (const algorithm of KNOWN_ALGORITHMS) single.set(algorithm, await createHasher([algorithm]))
  })

  it('does not change any digest, and several at once equal each alone', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 400 }),
        fc.array(fc.nat(300_000), { maxLength: 6 }),
        (seed, copies, cuts) => {
          const bytes = Buffer.concat(Array.from({ length: copies }, () => seed))
          const bounds = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
          const chunks = bounds.slice(1).map((end, i) => bytes.subarray(bounds[i], end))
          const whole = Object.fromEntries(
            KNOWN_ALGORITHMS.map((name) => [name, hashOf(single.get(name)!, [bytes])[name]!]),
          )
          expect(hashOf(all, chunks)).toEqual(whole)
          expect(hashOf(all, [bytes])).toEqual(whole)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('does not keep the buffer', () => {
    const buffer = Buffer.alloc(100_000, 1)
    const expected = hashOf(all, [Buffer.alloc(100_000, 1), Buffer.alloc(100_000, 2)])
    all.reset()
    all.update(buffer)
    buffer.fill(2)
    all.update(buffer)
    expect(all.digest()).toEqual(expected)
  })
})

describe('the system agrees', () => {
  const directory = mkdtempSync(join(tmpdir(), 'backproof-digest-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  const tools: readonly (readonly [KnownAlgorithm, string, readonly string[]])[] = [
    ['md5', 'md5sum', []],
    ['sha1', 'sha1sum', []],
    ['sha256', 'sha256sum', []],
    ['sha512', 'sha512sum', []],
    ['blake3', 'b3sum', []],
    ['xxh3-64', 'xxhsum', ['-H3']],
    ['xxh3-128', 'xxhsum', ['-H2']],
  ]
  const answers = (tool: string, options: readonly string[], path: string): string | undefined => {
    try {
      return execFileSync(tool, [...options, path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    } catch {
      return undefined
    }
  }
  const probe = join(directory, 'probe')
  writeFileSync(probe, '')

  for (const [algorithm, tool, options] of tools) {
    const installed = answers(tool, options, probe) !== undefined
    it.skipIf(!installed)(`${algorithm}: ${[tool, ...options].join(' ')}`, async () => {
      const hasher = await createHasher([algorithm])
      for (const length of [0, 1, 63, 64, 65, 1023, 4096, 65_536, 1_000_003]) {
        const bytes = Buffer.alloc(length)
        for (let i = 0; i < length; i++) bytes[i] = Math.imul(i + length, 0x9e3779b1) >>> 23
        const path = join(directory, `${algorithm}-${length}`)
        writeFileSync(path, bytes)
        const expected = answers(tool, options, path)?.match(/\b[0-9a-f]{16,128}\b/)?.[0]
        expect(hashOf(hasher, [bytes])).toEqual({ [algorithm]: expected })
      }
    })
  }
})

describe('the hasher', () => {
  it('gives digests in the order in which they were asked for, each once', async () => {
    const hasher = await createHasher(['sha256', 'crc32', 'sha256', 'md5'])
    expect(Object.keys(hasher.digest())).toEqual(['sha256', 'crc32', 'md5'])
  })

  it('gives the same again, and refuses more bytes until it is reset', async () => {
    for (const algorithm of KNOWN_ALGORITHMS) {
      const hasher = await createHasher([algorithm])
      hasher.update(Buffer.from('a'))
      const first = hasher.digest()
      expect(hasher.digest()).toEqual(first)
      expect(() => hasher.update(Buffer.from('b'))).toThrow(expect.objectContaining({ code: 'internal' }))
      expect(hasher.digest()).toEqual(first)
      hasher.reset()
      hasher.update(Buffer.from('half a stream'))
      hasher.reset()
      hasher.update(Buffer.from('a'))
      expect(hasher.digest()).toEqual(first)
    }
  })

  it('keeps streams of several hashers apart', async () => {
    const [one, other] = [await createHasher(KNOWN_ALGORITHMS), await createHasher(KNOWN_ALGORITHMS)]
    const expected = [hashOf(one, [Buffer.from('one'), Buffer.from('one')]), hashOf(other, [Buffer.from('other')])]
    one.reset()
    other.reset()
    one.update(Buffer.from('one'))
    other.update(Buffer.from('other'))
    one.update(Buffer.from('one'))
    expect([one.digest(), other.digest()]).toEqual(expected)
  })

  it('gives nothing when asked for nothing', async () => {
    const hasher = await createHasher([])
    hasher.update(Buffer.from('a'))
    expect(hasher.digest()).toEqual({})
  })

  it('refuses an unknown algorithm', async () => {
    await expect(createHasher(['sha3' as KnownAlgorithm])).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('Use one of: md5'),
    })
  })
})

const hashInChild = (flags: readonly string[], algorithms: readonly string[]): unknown => {
  const program = `
    const { createHasher } = await import(${JSON.stringify(new URL('../../src/digest/index.ts', import.meta.url).href)})
    const loaded = () => Object.keys(process.getBuiltinModule('module')._cache).some((path) => path.includes('hash-wasm'))
    const out = {}
    for (const name of ${JSON.stringify(algorithms)}) {
      try {
        const hasher = await createHasher([name])
        hasher.update(Buffer.from('123456789'))
        out[name] = hasher.digest()[name]
      } catch (error) {
        out[name] = error.code
      }
    }
    console.log(JSON.stringify({ out, loaded: loaded() }))`
  const conditions = ['--conditions=backproof-source', '--import', 'tsx', '--input-type=module', '--eval', program]
  return JSON.parse(
    execFileSync(process.execPath, [...flags, ...conditions], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )
}

describe('in a process of its own', () => {
  it('does not load hash-wasm for what it is not needed for', () => {
    expect(hashInChild([], ['sha256', 'md5', 'crc32', 'crc32c', 'crc64nvme'])).toMatchObject({
      out: { crc32c: 'e3069283' },
      loaded: false,
    })
    expect(hashInChild([], ['xxh3-64'])).toMatchObject({ loaded: true })
  })

  it('computes what it can without WebAssembly and says so for the rest', () => {
    expect(hashInChild(['--jitless'], ['sha256', 'crc32', 'crc32c', 'blake3'])).toMatchObject({
      out: {
        sha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
        crc32: 'cbf43926',
        crc32c: 'unsupported',
        blake3: 'unsupported',
      },
    })
  })
})
