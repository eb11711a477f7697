import { execFile, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { S3Server } from '@backproof/test-servers'
import { expect, onTestFinished, test } from 'vitest'
import { pattern, startServer } from './clients.js'

const hasRclone = spawnSync('rclone', ['version']).status === 0
const hasCurl = spawnSync('curl', ['--version']).status === 0
const run = promisify(execFile)

const temporaryDirectory = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'backproof-s3-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return directory
}

const rclone = async (server: S3Server, ...args: string[]): Promise<string> => {
  const env = {
    ...process.env,
    RCLONE_CONFIG: '/dev/null',
    RCLONE_CONFIG_S_TYPE: 's3',
    // Its provider AWS insists on virtual-host style.
    RCLONE_CONFIG_S_PROVIDER: 'Minio',
    RCLONE_LOW_LEVEL_RETRIES: '1',
    RCLONE_RETRIES: '1',
    RCLONE_CONFIG_S_ENDPOINT: server.url,
    RCLONE_CONFIG_S_REGION: server.region,
    RCLONE_CONFIG_S_FORCE_PATH_STYLE: 'true',
    RCLONE_CONFIG_S_ACCESS_KEY_ID: server.credentials.accessKeyId,
    RCLONE_CONFIG_S_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
    AWS_CA_BUNDLE: undefined,
  }
  const { stdout, stderr } = await run('rclone', args, { env, timeout: 30_000 })
  return stdout + stderr
}

test.skipIf(!hasRclone)(
  'rclone copies and checks, with multipart uploads and strange names (rclone)',
  async () => {
    const server = await startServer()
    server.admin.createBucket({ name: 'bucket' })
    const directory = await temporaryDirectory()
    await mkdir(join(directory, 'sub dir'))
    const files = {
      empty: 0,
      one: 1,
      'sub dir/ü&<>"\'+%20': 1000,
      'edge-5MiB': 5 * 1024 * 1024,
      multipart: 12 * 1024 * 1024 + 3,
    }
    for (const [name, size] of Object.entries(files)) await writeFile(join(directory, name), pattern(size))
    await rclone(server, 'copy', directory, 's:bucket/in', '--s3-upload-cutoff', '6M', '--s3-chunk-size', '5M')
    expect(server.requests.count('UploadPart')).toBe(3)
    expect(server.admin.snapshot('bucket').map((row) => row.key)).toEqual([
      'in/edge-5MiB',
      'in/empty',
      'in/multipart',
      'in/one',
      'in/sub dir/ü&<>"\'+%20',
    ])
    for (const download of [[], ['--download']])
      expect(await rclone(server, 'check', directory, 's:bucket/in', ...download)).toContain('0 differences found')
    const back = await temporaryDirectory()
    await rclone(server, 'copy', 's:bucket/in', back)
    for (const [name, size] of Object.entries(files))
      expect((await readFile(join(back, name))).equals(pattern(size)), name).toBe(true)
    await rclone(server, 'copyto', 's:bucket/in/one', 's:bucket/copy')
    expect(server.requests.count('CopyObject')).toBe(1)
    server.admin.corrupt('bucket', 'in/edge-5MiB', 5_000_000)
    await expect(rclone(server, 'check', directory, 's:bucket/in', '--download')).rejects.toThrow(/1 differences found/)
    expect(await rclone(server, 'check', directory, 's:bucket/in')).toContain('0 differences')
  },
  120_000,
)

test.skipIf(!hasRclone)('a URL that rclone signs works until it expires (rclone)', async () => {
  const server = await startServer()
  server.admin.createBucket({ name: 'bucket' })
  await server.admin.put('bucket', 'a b', Buffer.from('content'))
  const link = (await rclone(server, 'link', '--expire', '60s', 's:bucket/a b')).trim()
  expect(link).toContain('X-Amz-Signature=')
  expect(await (await fetch(link)).text()).toBe('content')
  server.clockOffsetMs = 61_000
  const expired = await fetch(link)
  expect([expired.status, await expired.text()]).toEqual([403, expect.stringContaining('Request has expired')])
  server.clockOffsetMs = 0
  const other = await fetch(link.replace('/a%20b', '/a%20c'))
  expect([other.status, await other.text()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')])
})

test.skipIf(!hasCurl)('curl signs a put and a get of its own (curl)', async () => {
  const server = await startServer()
  server.admin.createBucket({ name: 'bucket' })
  const { accessKeyId, secretAccessKey } = server.credentials
  const curl = async (...args: string[]): Promise<string> => {
    const signed = ['--aws-sigv4', 'aws:amz:us-east-1:s3', '--user', `${accessKeyId}:${secretAccessKey}`]
    const { stdout } = await run('curl', ['-sS', ...signed, ...args])
    return stdout
  }
  const url = `${server.url}/bucket/a/b`
  const unsigned = ['-H', 'x-amz-content-sha256: UNSIGNED-PAYLOAD']
  expect(await curl(...unsigned, '-X', 'PUT', '-d', 'hello', url)).toBe('')
  expect(await curl(...unsigned, url)).toBe('hello')
  expect(await curl(...unsigned, '-u', `${accessKeyId}:wrong`, url)).toContain('SignatureDoesNotMatch')
})
