import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Fault } from '@backproof/test-servers'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { KEYS, type Vault } from './support/vault.js'

/** The built command: what users run. */
const BIN = fileURLToPath(new URL('../../../cli/dist/bin.js', import.meta.url))

interface Exit {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** After the last signal, or after its start. */
  readonly ms: number
}

/** The command against a service with faults. */
export const commandFaults = (vault: () => Vault): void => {
  let folder = ''
  const copy = (): string => join(folder, 'copy')
  const rows = (): string => join(folder, 'rows.ndjson')

  beforeAll(async () => {
    if (!existsSync(BIN)) throw new Error('packages/cli/dist/bin.js is missing: run `npm run build` first')
    folder = await mkdtemp(join(tmpdir(), 'backproof-faults-'))
    for (const [key, bytes] of vault().files) {
      await mkdir(dirname(join(copy(), key)), { recursive: true })
      await writeFile(join(copy(), key), bytes)
    }
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  afterEach(() => {
    vault().fault()
  })

  const backproof = async (
    args: readonly string[],
    onStart?: (child: ChildProcess) => void,
    changed: Readonly<Record<string, string>> = {},
  ): Promise<Exit> => {
    const { accessKeyId, secretAccessKey, sessionToken } = vault().credentials
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL_S3: vault().server.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_REGION: vault().server.region,
      AWS_CONFIG_FILE: join(folder, 'none'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
      ...changed,
    }
    const child = spawn(process.execPath, [BIN, ...args, '--with', 'profile=aws'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let start = performance.now()
    const kill = child.kill.bind(child)
    child.kill = (signal) => {
      start = performance.now()
      return kill(signal)
    }
    const texts = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        texts[name] += chunk.toString()
      })
    }
    onStart?.(child)
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
    const where = `backproof ${args[0]}`
    vault().outputs.add(where, texts.stdout)
    vault().outputs.add(where, texts.stderr)
    if (args.includes('--ndjson')) vault().outputs.add(where, await readFile(rows(), 'utf8'))
    return { code, ...texts, ms: performance.now() - start }
  }

  const compared = (...options: readonly string[]): Promise<Exit> =>
    backproof(['compare', copy(), 's3://vault', '--ndjson', rows(), ...options])

  test('no fault: exit 0', async () => {
    const { code, stdout } = await compared()
    expect(stdout).toMatch(/5 of 5|5 objects|proven/i)
    expect(code).toBe(0)
  })

  for (const [name, operation, fault, exit, words] of [
    ['403 for one object', 'GetObject', { status: 403, code: 'AccessDenied' }, 3, /s3:GetObject is missing/],
    ['404 for one object', 'GetObject', { status: 404, code: 'NoSuchKey' }, 1, /no such object/],
    ['a body cut short', 'GetObject', { truncate: 10 }, 1, /ended after 10 of 200000 bytes/],
    [
      'credentials that expire before the listing',
      'ListObjectsV2',
      { expiredToken: true },
      3,
      /credentials have expired/,
    ],
  ] as const satisfies readonly (readonly [string, string, Fault, number, RegExp])[]) {
    test(`${name}: exit ${exit}, and the text says why`, async () => {
      vault().fault({ operation, key: operation === 'GetObject' ? KEYS.plain : '', fault })
      const { code, stdout, stderr } = await compared('--require', 'read')
      expect(stdout + stderr).toMatch(words)
      expect(code).toBe(exit)
    })
  }

  for (const [name, bucket, changed, exit, words] of [
    ['no such bucket', 'never-made', {}, 2, /there is no such bucket/],
    ['a wrong secret key', 'vault', { AWS_SECRET_ACCESS_KEY: 'wrong+secret/of=somebody' }, 3, /refused the signature/],
    ['nobody at the endpoint', 'vault', { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' }, 3, /nobody answers at 127/],
  ] as const) {
    test(`${name}: exit ${exit}, and the text says why`, async () => {
      if ('AWS_SECRET_ACCESS_KEY' in changed) vault().keepSecret('a wrong secret', changed.AWS_SECRET_ACCESS_KEY)
      const { code, stdout, stderr } = await backproof(['compare', copy(), `s3://${bucket}`], undefined, changed)
      expect(stdout + stderr).toMatch(words)
      expect(code).toBe(exit)
    })
  }

  test('a refused listing as JSON: exit 3, not one object missing', async () => {
    vault().fault({ operation: 'ListObjectsV2', fault: { status: 403, code: 'AccessDenied' } })
    const { code, stdout } = await compared('--json')
    expect(code).toBe(3)
    const { result } = JSON.parse(stdout) as { result: { complete: boolean; totals: { outcomes: object } } }
    expect(result).toMatchObject({ complete: false, totals: { outcomes: { missing: 0, match: 0 } } })
  })

  test('check with credentials that have expired: says so, nothing is fine', async () => {
    vault().fault({ operation: 'ListObjectsV2', fault: { expiredToken: true } })
    const { code, stdout, stderr } = await backproof(['check', 's3://vault'])
    expect(stdout + stderr).toMatch(/expired/)
    expect(code).not.toBe(0)
  })

  test('check without a fault, with everything that it prints', async () => {
    const { code, stdout } = await backproof(['check', 's3://vault'])
    expect(stdout).toMatch(/s3:GetObject/)
    expect(code).toBe(0)
  })

  for (const [name, operation, fault] of [
    ['a read stalls', 'GetObject', { stall: 50_000 }],
    ['a listing stalls', 'ListObjectsV2', { stall: 50 }],
    ['it waits as the service asked', 'GetObject', { status: 503, code: 'SlowDown', headers: { 'retry-after': '60' } }],
  ] as const satisfies readonly (readonly [string, string, Fault])[]) {
    test(`SIGINT while ${name}: exit 130 within 2 seconds, and the report says that it was stopped`, async () => {
      let child: ChildProcess | undefined
      vault().fault({
        operation,
        key: operation === 'GetObject' ? KEYS.plain : '',
        fault: () => {
          setTimeout(() => child?.kill('SIGINT'), 200)
          return fault
        },
      })
      const { code, stdout, stderr, ms } = await backproof(
        ['compare', copy(), 's3://vault', '--require', 'read'],
        (started) => {
          child = started
        },
      )
      expect(code).toBe(130)
      expect(ms).toBeLessThan(2_000)
      expect(stdout + stderr).toMatch(/NOT proven|stopped|interrupted|cancelled|aborted/i)
      expect(stdout).not.toMatch(/missing from|MISSING/)
    })
  }
}
