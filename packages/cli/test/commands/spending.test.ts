import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plan, Report } from '@backproof/core/report'
import type { S3Server } from '@backproof/test-servers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { backproof, lastLine, type Outcome } from '../support/cli.js'
import { s3Place } from '../support/s3.js'
import { temporaryDirectory, twoTrees, writeTree } from '../support/tree.js'

const FILES: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: 40 }, (_, i) => [`file-${String(i).padStart(2, '0')}`, 'x'.repeat(1000)]),
)

describe('what may be read of a place that charges', () => {
  let server: S3Server
  let env: Readonly<Record<string, string>>
  let shop: string
  beforeAll(async () => {
    ;({ server, env } = await s3Place())
    server.admin.createBucket({ name: 'backups' })
    for (const [key, content] of Object.entries(FILES)) await server.admin.put('backups', key, Buffer.from(content))
  })
  afterAll(() => server.close())
  beforeEach(() => {
    shop = writeTree(join(temporaryDirectory(), 'shop'), FILES)
    server.requests.reset()
  })

  const compared = (...more: readonly string[]): Promise<Outcome> =>
    backproof(['compare', shop, 's3://backups', '--with', 'profile=aws', '--require', 'read', ...more], { env })

  it('ends at --read-ceiling, with what would allow more; none allows all', async () => {
    const { code, stdout } = await compared('--read-ceiling', '10kB')
    expect(stdout).toMatch(/^10 match .+ 30 unverifiable$/m)
    expect(stdout).toMatch(/^unverifiable +file-39 +deciding it takes more reading from a paid/m)
    expect(stdout).toMatch(/^Beyond what is read unasked: --read-ceiling SIZE, or none; --plan/m)
    expect(code).toBe(3)
    expect(server.requests.count('GetObject')).toBe(10)
    expect((await compared('--read-ceiling', 'none')).code).toBe(0)
  })

  it('is told by the plan', async () => {
    const { code, stdout } = await compared('--read-ceiling', '10kB', '--plan')
    expect(stdout).toContain('30.0 kB of it beyond the ceiling of reading')
    expect(stdout).toMatch(/^Beyond what is read unasked: --read-ceiling SIZE, or none$/m)
    expect(code).toBe(0)
    expect((await compared('--read-ceiling', 'none', '--plan')).stdout).not.toContain('Beyond')
  })

  it('ends with the requests and the money of --budget', async () => {
    const { code, stdout } = await compared('--budget', 'requests=21')
    expect(stdout).toMatch(/^Beyond the budget: a larger --budget/m)
    expect(lastLine(stdout)).toContain('are beyond the budget')
    expect(code).toBe(3)
    expect(server.requests.count('GetObject')).toBeLessThanOrEqual(20)
    const prices = join(shop, '../prices.json')
    const place = {
      currency: 'USD',
      asOf: '2026-11',
      source: 'x',
      list: 0.1,
      pageSize: 1000,
      stat: 1,
      read: 1,
      egressByte: 0,
    }
    writeFileSync(prices, JSON.stringify({ 's3:': place }))
    server.requests.reset()
    expect((await compared('--budget', 'money=5.5', '--prices', prices)).code).toBe(3)
    expect(server.requests.count('GetObject')).toBe(5)
  })
})

describe('--budget', () => {
  const result = async (budget: string): Promise<Report['result']> => {
    const { a, b } = twoTrees(FILES)
    return (JSON.parse((await backproof(['compare', a, b, '--json', '--budget', budget])).stdout) as Report).result
  }

  it('has units, and each limit once', async () => {
    expect((await result('bytes=20kB')).totals.outcomes).toMatchObject({ match: 10, unverifiable: 30 })
    expect((await result('bytes=1GiB, requests=5, money=1.5, seconds=1h')).totals.outcomes).toMatchObject({ match: 40 })
    expect((await result('seconds=3600')).complete).toBe(true)
  })

  it.each([
    ['10GB', /"10GB" is no limit\nKnown: bytes, requests/],
    ['byte=1', /"byte=1" is no limit\nDid you mean bytes\?/],
    ['bytes=10G', /bytes=10G: that is no size\nSizes are bytes, or have a unit/],
    ['requests=1.5', /no whole number/],
    ['money=5USD', /no amount\n.*currency of the prices/],
    ['seconds=1w', /no duration/],
    ['bytes=1,bytes=2', /limits bytes twice/],
    ['bytes=', /no size/],
  ])('%s is refused', async (budget, said) => {
    const { code, stderr } = await backproof(['compare', '.', '/usr/share', '--budget', budget])
    expect(stderr).toMatch(said)
    expect(code).toBe(2)
  })
  it('--read-ceiling that is no size', async () => {
    const { code, stderr } = await backproof(['compare', '.', '/usr/share', '--read-ceiling', 'nothing'])
    expect(stderr).toMatch(/"nothing" is no size\n.*Or none\./)
    expect(code).toBe(2)
  })
})

describe('--sample', () => {
  const sampled = async (...options: readonly string[]): Promise<{ readonly code: number | null } & Report> => {
    const { a, b } = twoTrees(FILES)
    const { code, stdout } = await backproof(['compare', a, b, '--json', '--require=read', ...options])
    return { code, ...(JSON.parse(stdout) as Report) }
  }

  it('takes objects, bytes or a share, and says in one sentence that it is a sample', async () => {
    const { a, b } = twoTrees(FILES)
    const { code, stdout } = await backproof(['compare', a, b, '--sample', '10'])
    expect(lastLine(stdout)).toMatch(/^Sample proven: all 10 sampled of 40 objects.*with 95 % confidence at most/)
    expect(code).toBe(0)
    const half = await sampled('--sample=50%', '--confidence=99%', '--seed=other')
    expect(half.result.sample).toMatchObject({ confidence: 0.99, plan: { limit: { fraction: 0.5 }, seed: 'other' } })
    const bytes = await sampled('--sample=5kB', '--sample-by=bytes', '--confidence=.9')
    expect(bytes.result.sample).toMatchObject({
      confidence: 0.9,
      sampled: 5,
      plan: { limit: { bytes: 5000 }, by: 'bytes' },
    })
  })

  it('takes the same with the same seed, and parts that are everything once', async () => {
    const { a, b } = twoTrees(FILES)
    rmSync(join(b, 'file-07'))
    writeFileSync(join(b, 'file-08'), 'y'.repeat(1000))
    const outcomes: number[] = []
    for (const part of ['1/3', '2/3', '3/3']) {
      const { stdout } = await backproof(['compare', a, b, '--json', '--sample', part])
      const { result } = JSON.parse(stdout) as Report
      outcomes.push(result.totals.outcomes.mismatch)
      // What the listings decide is told in every part.
      expect(result.totals.outcomes.missing).toBe(1)
    }
    expect(outcomes.sort()).toEqual([0, 0, 1])
    const [one, two] = [await sampled('--sample=5', '--seed=s'), await sampled('--sample=5', '--seed=s')]
    expect(two.result.sample).toEqual(one.result.sample)
  })

  it('is planned', async () => {
    const { a, b } = twoTrees(FILES)
    const { stdout } = await backproof(['compare', a, b, '--plan', '--json', '--sample=4'])
    expect(JSON.parse(stdout) as Plan).toMatchObject({ unsampled: 36, bytesToRead: 8000 })
  })

  it.each([
    [['--sample', 'some'], /"some" says no amount\nWrite a share/],
    [['--sample', '0%'], /fraction/],
    [['--sample', '8/7'], /no part 8 of 7/],
    [['--sample', '1%', '--confidence', '1'], /--confidence "1" is none/],
    [['--sample', '1%', '--confidence', '100%'], /--confidence "100%" is none/],
    [['--sample', '1%', '--sample-by', 'size'], /does not know "size"/],
    [['--seed', 'x'], /--seed needs --sample/],
    [['--sample', '1%', '--explain', 'x'], /--explain and --sample exclude each other/],
  ])('%j is refused', async (options, said) => {
    const { code, stderr } = await backproof(['compare', '.', '/usr/share', ...options])
    expect(stderr).toMatch(said)
    expect(code).toBe(2)
  })
})

it('says that it cannot be told which side is damaged', async () => {
  const { a, b } = twoTrees({ one: 'abc', two: 'abc' })
  writeFileSync(join(b, 'one'), 'abX')
  const { stdout } = await backproof(['compare', a, b])
  expect(stdout).toMatch(/^Which side is damaged cannot be told of 1 mismatch: keep both until it is known$/m)
})
