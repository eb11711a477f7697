import { createHash } from 'node:crypto'
import { type CompareOptions, compare } from '@backproof/core/compare'
import { createHasher, type Digest } from '@backproof/core/digest'
import type { ObjectFinding, Report } from '@backproof/core/report'
import type { BackupSource, ObjectEntry, SourceTraits } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { describe, expect, it } from 'vitest'

const bytes = Buffer.from('the bytes of one object')
const other = Buffer.from('other bytes, as many   ')
const md5 = (content: Buffer): string => createHash('md5').update(content).digest('hex')
const hashOf = async (algorithm: 'crc32c' | 'crc64nvme', content: Buffer): Promise<string> => {
  const hasher = await createHasher([algorithm])
  hasher.update(content)
  return hasher.digest()[algorithm]!
}

/** A directory of one object that counts how often it is read. */
const counted = () => {
  const memory = memorySource({ k: bytes }, { uri: 'memory://source', traits: { readCost: 'free' } })
  let reads = 0
  const source: BackupSource = {
    ...memory,
    read: (ref, options) => {
      reads += 1
      return memory.read(ref, options)
    },
  }
  return { source, reads: () => reads }
}

interface Told {
  readonly content: Buffer
  readonly listed: readonly Digest[]
  /** What it tells when it is asked. Default: what it lists. */
  readonly stated?: readonly Digest[]
}

let places = 0
const replica = ({ content, listed, stated = listed }: Told): BackupSource => {
  places += 1
  const memory = memorySource({ k: content }, { uri: `memory://replica-${places}` })
  const statDigests = stated.map(({ algorithm, provenance }) => ({ algorithm, provenance }))
  const entry = (one: ObjectEntry): ObjectEntry => ({ ...one, digests: listed })
  return {
    ...memory,
    describe: async (): Promise<SourceTraits> => ({ ...(await memory.describe()), readCost: 'paid', statDigests }),
    list: async function* (options) {
      for await (const page of memory.list(options)) yield page.map(entry)
    },
    stat: async (ref, options) => ({ ...(await memory.stat(ref, options)), digests: stated }),
  }
}

const run = async (
  replicas: readonly BackupSource[],
  options: Partial<CompareOptions> = {},
): Promise<{ found: readonly string[]; report: Report; reads: number }> => {
  const { source, reads } = counted()
  const comparison = compare({ source, replicas, ...options })
  const findings: ObjectFinding[] = []
  for await (const page of comparison) findings.push(...page)
  const found = findings.map(({ outcome, method, grade }) => [outcome, grade, method].filter(Boolean).join(' '))
  return { found, report: await comparison.report(), reads: reads() }
}

/** An ETag in a listing: of unknown make. */
const etag = (value: string): Digest => ({ algorithm: 'md5', value, provenance: 'service', equalityOnly: true })
const claim = (value: string): Digest => ({ algorithm: 'md5', value, provenance: 'claimed' })
const service = (algorithm: string, value: string): Digest => ({ algorithm, value, provenance: 'service' })

describe('an object of the source is read once', () => {
  it('for replicas that store different digests, each of which is computed in that pass', async () => {
    const { found, report, reads } = await run([
      replica({ content: bytes, listed: [etag(md5(bytes))] }),
      replica({ content: bytes, listed: [service('crc32c', await hashOf('crc32c', bytes))] }),
      replica({ content: bytes, listed: [claim(md5(bytes))] }),
    ])
    expect(found).toEqual(['match stored one-sided-read', 'match stored one-sided-read', 'match read two-sided-read'])
    expect(reads).toBe(1)
    expect(report.result.source.bytesRead).toBe(bytes.length)
    expect(report.result.replicas?.map(({ bytesRead }) => bytesRead)).toEqual([0, 0, bytes.length])
  })

  it('where the digest of a listing turns out to be none of the bytes, and another is told on request', async () => {
    const stated = [service('crc64nvme', await hashOf('crc64nvme', bytes))]
    const { found, reads } = await run([replica({ content: bytes, listed: [etag('0'.repeat(32))], stated })])
    expect(found).toEqual(['match stored one-sided-read'])
    expect(reads).toBe(1)
  })

  it('where a claim is wrong, so that both sides have to be read', async () => {
    const wrong = replica({ content: bytes, listed: [claim(md5(other))] })
    const { found, reads, report } = await run([wrong], { require: 'claimed' })
    expect(found).toEqual(['match read two-sided-read'])
    expect(reads).toBe(1)
    expect(report.result.source.bytesRead).toBe(bytes.length)
  })

  it('where bytes differ, and the rotten side is told by a digest that has to be asked for', async () => {
    const stated = [service('crc32c', await hashOf('crc32c', bytes))]
    const rotten = replica({ content: other, listed: [], stated })
    const { source, reads } = counted()
    const comparison = compare({ source, replicas: [rotten], require: 'read' })
    const findings: ObjectFinding[] = []
    for await (const page of comparison) findings.push(...page)
    expect(findings).toMatchObject([{ outcome: 'mismatch', method: 'two-sided-read', rotten: 'replica' }])
    expect(reads()).toBe(1)
  })

  it('but not by a digest that is too weak for what is asked', async () => {
    const wrong = replica({ content: bytes, listed: [claim(md5(other))] })
    // MD5 is no cryptographic digest any more: neither the claim nor what was computed for it counts.
    const { found } = await run([wrong], { require: 'claimed', strength: 'cryptographic' })
    expect(found).toEqual(['match read two-sided-read'])
  })
})
