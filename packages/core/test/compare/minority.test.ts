import { createHash } from 'node:crypto'
import { type CompareOptions, compare } from '@backproof/core/compare'
import type { ObjectFinding } from '@backproof/core/report'
import type { BackupSource } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { verify } from '@backproof/core/verify'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { tempDirectory } from '../run/local-files.js'

const files = tempDirectory()
afterAll(() => files.remove())

let count = 0
const disk = (content: string): BackupSource => {
  count += 1
  const file = files.write(`copy-${count}`, Buffer.from(content))
  return { ...memorySource({ k: content }, { uri: `memory://disk-${count}` }), localFile: () => file }
}
const plain = (content: string): BackupSource => {
  count += 1
  return memorySource({ k: content }, { uri: `memory://${count}` })
}
/** A service that stores an MD5 of each object, and is not to be read. */
const shelf = (content: string): BackupSource => {
  count += 1
  return memorySource(
    { k: content },
    {
      uri: `memory://shelf-${count}`,
      digests: [{ algorithm: 'md5', provenance: 'service' }],
      traits: { readCost: 'impossible' },
    },
  )
}

const told = async (options: CompareOptions): Promise<readonly ObjectFinding[]> => {
  const found: ObjectFinding[] = []
  for await (const page of compare(options)) found.push(...page)
  return found
}
/** `match`, or `mismatch: the damaged side, and how it is known`. */
const verdicts = async (source: BackupSource, ...replicas: readonly BackupSource[]): Promise<readonly string[]> =>
  (await told({ source, replicas })).map(({ outcome, rotten, rottenBy }) =>
    outcome === 'match'
      ? outcome
      : `${outcome}: ${rotten ?? 'unknown'}${rottenBy === undefined ? '' : ` by ${rottenBy}`}`,
  )

describe.each([
  ['files of this machine', disk],
  ['objects that are read', plain],
  ['digests that services store', shelf],
])('of several copies, %s', (_, copy) => {
  it('the one that most contradict is named', async () => {
    expect(await verdicts(copy('abc'), copy('abc'), copy('abX'))).toEqual(['match', 'mismatch: replica by minority'])
    expect(await verdicts(copy('abX'), copy('abc'), copy('abc'))).toEqual([
      'mismatch: source by minority',
      'mismatch: source by minority',
    ])
  })

  it('none is named without a majority', async () => {
    expect(await verdicts(copy('abc'), copy('abX'))).toEqual(['mismatch: unknown'])
    expect(await verdicts(copy('abc'), copy('abX'), copy('abY'))).toEqual(['mismatch: unknown', 'mismatch: unknown'])
    expect(await verdicts(copy('abc'), copy('abc'), copy('abX'), copy('abX'))).toEqual([
      'match',
      'mismatch: unknown',
      'mismatch: unknown',
    ])
  })

  it('a copy that differs from all is not said to be better or worse than the source', async () => {
    expect(await verdicts(copy('abX'), copy('abc'), copy('abc'), copy('abc'), copy('abY'))).toEqual([
      'mismatch: source by minority',
      'mismatch: source by minority',
      'mismatch: source by minority',
      'mismatch: unknown',
    ])
  })

  it('another size is as much of a difference as other bytes', async () => {
    expect(await verdicts(copy('abc'), copy('abc'), copy('ab'))).toEqual(['match', 'mismatch: replica by minority'])
    expect(await verdicts(copy('abc'), copy('ab'), copy('abcd'))).toEqual(['mismatch: unknown', 'mismatch: unknown'])
  })

  it('is the same for every assignment of contents', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('abc', 'abX', 'abY'), { minLength: 3, maxLength: 6 }),
        async (contents) => {
          const [first = '', ...others] = contents
          const found = await verdicts(copy(first), ...others.map(copy))
          const most = ['abc', 'abX', 'abY'].find(
            (content) => contents.filter((one) => one === content).length > contents.length / 2,
          )
          expect(found).toEqual(
            others.map((content) => {
              if (content === first) return 'match'
              if (first === most) return 'mismatch: replica by minority'
              return content === most ? 'mismatch: source by minority' : 'mismatch: unknown'
            }),
          )
        },
      ),
      { numRuns: 25 },
    )
  })
})

describe('what is no copy of its own has no vote', () => {
  it('a list, which may be older than what was written since', async () => {
    const list = (content: string): BackupSource => {
      const shelved = shelf(content)
      return { ...shelved, describe: async () => ({ ...(await shelved.describe()), asOf: 1 }) }
    }
    // Two lists agree with a copy that was not brought up to date.
    expect(await verdicts(plain('abX'), plain('abc'), list('abc'), list('abc'))).toEqual([
      'mismatch: unknown',
      'mismatch: unknown',
      'mismatch: unknown',
    ])
    expect(await verdicts(list('abc'), plain('abX'), plain('abX'))).toEqual(['mismatch: unknown', 'mismatch: unknown'])
  })

  it('a second name of the same file', async () => {
    const file = files.write('linked', Buffer.from('abc'))
    const name = (): BackupSource => {
      count += 1
      return { ...memorySource({ k: 'abc' }, { uri: `memory://name-${count}` }), localFile: () => file }
    }
    const found = await told({ source: name(), replicas: [name(), disk('abX')] })
    expect(found[0]).toMatchObject({ outcome: 'match', notes: ['same-file'] })
    expect(found[1]).toMatchObject({ outcome: 'mismatch' })
    expect(found[1]!.rotten).toBeUndefined()
  })
})

describe('the damaged side', () => {
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
  const stored = (content: string, said: string): BackupSource => {
    count += 1
    const digests = [{ algorithm: 'md5', value: md5(said), provenance: 'service' }] as const
    return memorySource({ k: { bytes: content, digests } }, { uri: `memory://stored-${count}` })
  }

  it('that breaks its own digest is named by it, before any vote', async () => {
    const found = await told({ source: plain('abc'), replicas: [plain('abc'), stored('abX', 'abc')], require: 'read' })
    expect(found[1]).toMatchObject({ outcome: 'mismatch', rotten: 'replica', rottenBy: 'own-digest' })
  })

  it('of a verification is named by what it was held against', async () => {
    const own = await verify({ source: stored('abX', 'abc') }).report()
    expect(own.result.findings[0]).toMatchObject({ rotten: 'source', rottenBy: 'own-digest' })
    const record = memorySource(
      { k: { bytes: 'abc', digests: [{ algorithm: 'md5', value: md5('abc'), provenance: 'recorded' }] } },
      { uri: 'memory://record', traits: { readCost: 'impossible' } },
    )
    const held = await verify({ source: plain('abX'), against: record }).report()
    expect(held.result.findings[0]).toMatchObject({ rotten: 'source', rottenBy: 'record' })
  })

  it('costs no read that a budget does not permit, and the difference stays found', async () => {
    const vote = async (bytes: number): Promise<unknown> => {
      const found = await told({ source: disk('abX'), replicas: [disk('abc'), disk('abc')], budget: { bytes } })
      return found.map(({ outcome, rotten }) => [outcome, rotten])
    }
    // Nine bytes to compare them, and six more to hold the copies against each other.
    expect(await vote(15)).toEqual([
      ['mismatch', 'source'],
      ['mismatch', 'source'],
    ])
    expect(await vote(12)).toEqual([
      ['mismatch', undefined],
      ['mismatch', undefined],
    ])
  })
})
