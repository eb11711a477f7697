import type { ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plan, Report } from '@backproof/core/report'
import type { S3Server } from '@backproof/test-servers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { backproof, lastLine, type Outcome } from '../support/cli.js'
import { s3Place } from '../support/s3.js'
import { temporaryDirectory, twoTrees, writeTree } from '../support/tree.js'

const PRICES = {
  currency: 'CHF',
  asOf: '2026-11',
  source: 'a contract',
  list: 0.5,
  pageSize: 1000,
  stat: 0.001,
  read: 0.01,
  egressByte: 1e-4,
}
const FILES = { 'db/one': 'x'.repeat(1000), 'db/two': 'y'.repeat(2000), 'logs/three': 'z'.repeat(3000) }

let server: S3Server
let env: Readonly<Record<string, string>>
beforeAll(async () => {
  ;({ server, env } = await s3Place())
  server.admin.createBucket({ name: 'backups' })
  for (const [key, content] of Object.entries(FILES))
    await server.admin.put('backups', `shop/${key}`, Buffer.from(content))
})
afterAll(() => server.close())
beforeEach(() => server.requests.reset())

const compared = (...more: readonly string[]): Promise<Outcome> => {
  const path = writeTree(join(temporaryDirectory(), 'shop'), FILES)
  return backproof(['compare', path, 's3://backups/shop/', '--with', 'profile=aws', ...more], { env })
}

const priceFile = (prices: unknown): string => {
  const path = join(temporaryDirectory(), 'prices.json')
  writeFileSync(path, typeof prices === 'string' ? prices : JSON.stringify(prices))
  return path
}

describe('--plan', () => {
  it('tells what a run would read and cost, last in one sentence, and reads nothing', async () => {
    const { code, stdout, stderr } = await compared(
      '--plan',
      '--require',
      'read',
      '--prices',
      priceFile({ 's3:': PRICES }),
    )
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^B {2}s3:\/\/backups\/shop\/$/m)
    expect(stdout).toContain('3 objects: 3 by reading both sides')
    // A page of a listing, three reads, and 6,000 bytes out of the bucket.
    expect(lastLine(stdout)).toContain('12.0 kB would be read; 4 requests, CHF 1.13')
    expect(server.requests.count('ListObjectsV2')).toBeGreaterThan(0)
    expect(server.requests.count('GetObject')).toBe(0)
    expect(server.requests.count('HeadObject')).toBe(0)
  })

  it('is the plan that the run then keeps', async () => {
    const plan = JSON.parse((await compared('--plan', '--json')).stdout) as Plan
    expect(plan).toMatchObject({ schema: 'backproof.plan/v1', kind: 'compare', pairs: 3 })
    const { result, telemetry } = JSON.parse((await compared('--json')).stdout) as Report
    expect(plan.proofs).toEqual(result.totals.methods)
    expect(plan.bytesToRead).toBe(telemetry.bytesRead)
    expect(plan.replicas[0]!.bytesToRead).toBe(0)
  })

  it('plans a verification', async () => {
    const args = ['verify', 's3://backups/shop/', '--with', 'profile=aws', '--plan']
    const { code, stdout } = await backproof(args, { env })
    expect(lastLine(stdout)).toMatch(/^6,000 bytes would be read/)
    expect(code).toBe(0)
    expect(server.requests.count('GetObject')).toBe(0)
  })

  it('ends as a run does where a place cannot be listed', async () => {
    const path = writeTree(join(temporaryDirectory(), 'shop'), FILES)
    const missing = await backproof(['compare', path, 's3://nowhere/', '--plan'], { env })
    expect([missing.code, missing.stdout]).toEqual([2, ''])
    expect(missing.stderr).toContain('nowhere')
    const keys = server.addUser()
    const strangers = { ...env, AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey }
    const denied = await backproof(['compare', path, 's3://backups/', '--plan'], { env: strangers })
    expect([denied.code, denied.stdout]).toEqual([3, ''])
    expect(denied.stderr).toContain('denied')
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends at once with %s, and is none then', async (signal, expected) => {
    let child: ChildProcess | undefined
    server.setFault(({ operation }) => {
      if (operation !== 'ListObjectsV2') return undefined
      child?.kill(signal)
      return { delayMs: 60_000 }
    })
    try {
      const path = writeTree(join(temporaryDirectory(), 'shop'), FILES)
      const started = performance.now()
      const { code, stdout, stderr } = await backproof(['compare', path, 's3://backups/shop/', '--plan'], {
        env,
        onStart: (one) => {
          child = one
        },
      })
      const said = 'backproof: interrupted: not everything was listed, so there is no plan\n'
      expect([code, stdout, stderr]).toEqual([expected, '', said])
      expect(performance.now() - started).toBeLessThan(10_000)
    } finally {
      server.setFault(undefined)
    }
  })

  it.each([['--explain', 'a'], ['--quiet'], ['--ndjson', 'x'], ['--show', 'all']])(
    'does not go with %s',
    async (...other) => {
      const { a, b } = twoTrees({ a: 'x' })
      const { code, stdout, stderr } = await backproof(['compare', a, b, '--plan', ...other])
      expect(stderr).toContain(`--plan and ${other[0]} exclude each other`)
      expect([code, stdout]).toEqual([2, ''])
    },
  )
})

describe('--policy', () => {
  const grades = async (...policies: readonly string[]): Promise<Report['result']['totals']['grades']> => {
    const { stdout } = await compared('--json', ...policies.map((policy) => `--policy=${policy}`))
    return (JSON.parse(stdout) as Report).result.totals.grades
  }

  it('asks more of some keys than of others; the first that fits counts', async () => {
    expect(await grades('db/**=read')).toMatchObject({ read: 2, stored: 1 })
    expect(await grades('db/one=stored', 'db/**=read')).toMatchObject({ read: 1, stored: 2 })
    expect(await grades('db/**=cryptographic')).toMatchObject({ read: 2, stored: 1 })
    expect(await grades('logs/**=stored,cryptographic')).toMatchObject({ read: 1, stored: 2 })
  })

  it.each([
    ['db/**', /is not GLOB=GRADE/],
    ['=read', /is not GLOB=GRADE/],
    ['db/**=raed', /does not know "raed"\nDid you mean read\?/],
    ['db/**=', /does not know ""/],
    ['db/**=read,stored', /names two of a kind/],
    ['db/**=read,read', /says something twice/],
  ])('%s is refused', async (policy, said) => {
    const { code, stderr } = await backproof(['compare', '.', '/usr/share', `--policy=${policy}`])
    expect(stderr).toMatch(said)
    expect(code).toBe(2)
  })
})

describe('--prices, --max-age', () => {
  it.each([
    ['{', /is no JSON/],
    [[], /must be an object of prices by URI/],
    [{ 's3:': { ...PRICES, currency: 'Euro' } }, /prices\.json: .*currency/],
  ])('prices that are none: %j', async (prices, said) => {
    const { code, stderr } = await backproof(['compare', '.', '/usr/share', '--plan', '--prices', priceFile(prices)])
    expect(stderr).toMatch(said)
    expect(code).toBe(2)
  })

  it('a file that is not there, and no duration', async () => {
    const missing = await backproof(['compare', '.', '/usr/share', '--prices', '/nonexistent/prices'])
    expect(missing.stderr).toContain('/nonexistent/prices')
    expect(missing.code).toBe(2)
    const age = await backproof(['compare', '.', '/usr/share', '--max-age', '5'])
    expect(age.stderr).toMatch(/--max-age "5" is no duration\nDurations have units/)
    expect(age.code).toBe(2)
  })
})

it('has its options in the help of both commands', async () => {
  for (const command of ['compare', 'verify']) {
    const { stdout } = await backproof(['help', command])
    for (const option of ['--plan', '--policy GLOB=GRADE[,KIND]', '--max-age DURATION', '--prices FILE'])
      expect(stdout).toContain(option)
  }
})
