import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { verify } from '@backproof/core/verify'
// @ts-expect-error it has no types
import bagitFs from 'bagit-fs'
import { expect, it } from 'vitest'
import { bag } from '../../src/index.js'
import { tempDirectory } from '../support/tree.js'

interface LibraryBag {
  createWriteStream(name: string): NodeJS.WritableStream
  finalize(done: (error?: Error) => void): void
}

/** A BagIt implementation that is not ours. */
const library = bagitFs as (path: string, algorithm: string, info: Readonly<Record<string, string>>) => LibraryBag

const FILES: Readonly<Record<string, string | Buffer>> = {
  '/readme.md': 'hello',
  '/dir/a b.txt': 'spaces',
  '/dir/ünï.txt': 'unicode',
  '/empty': '',
  '/big.bin': Buffer.alloc(300_000, 7),
}

const makeBag = async (algorithm: string): Promise<string> => {
  const path = join(tempDirectory(), 'bag')
  const made = library(path, algorithm, { 'Contact-Name': 'Joe' })
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(path, 'data', name)), { recursive: true })
    await pipeline(Readable.from([Buffer.from(content)]), made.createWriteStream(name))
  }
  await promisify(made.finalize.bind(made))()
  return path
}

const outcomes = async (path: string) => {
  const { result } = await verify({ ...bag({ path }), require: 'read' }).report()
  return { ...result.totals.outcomes, failing: result.findings.map(({ key, outcome }) => `${key} ${outcome}`) }
}

it.each(['sha256', 'sha512', 'md5'])(
  'a bag that a library made with %s is complete and valid, and is not after damage',
  async (algorithm) => {
    const path = await makeBag(algorithm)
    expect(await outcomes(path)).toMatchObject({ match: 5, failing: [] })
    const big = join(path, 'data/big.bin')
    const bytes = readFileSync(big)
    bytes[299_999]! ^= 1
    writeFileSync(big, bytes)
    rmSync(join(path, 'data/dir/a b.txt'))
    writeFileSync(join(path, 'data/new'), 'new')
    expect((await outcomes(path)).failing).toEqual([
      'data/big.bin mismatch',
      'data/dir/a b.txt missing',
      'data/new extra',
    ])
  },
)
