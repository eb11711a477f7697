import { execFile, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { GcsServer } from '@backproof/test-servers'
import { expect, onTestFinished, test } from 'vitest'
import { pattern, startServer } from './clients.js'

const hasRclone = spawnSync('rclone', ['version']).status === 0
const run = promisify(execFile)

const temporaryDirectory = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'backproof-gcs-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return directory
}

/** rclone as the owner, with a key file whose token endpoint is the server. */
const rclone = async (server: GcsServer, ...args: string[]): Promise<string> => {
  const env = {
    ...process.env,
    RCLONE_CONFIG: '/dev/null',
    RCLONE_CONFIG_G_TYPE: 'google cloud storage',
    RCLONE_CONFIG_G_ENDPOINT: `${server.url}/storage/v1/`,
    RCLONE_CONFIG_G_PROJECT_NUMBER: server.projectId,
    RCLONE_CONFIG_G_SERVICE_ACCOUNT_CREDENTIALS: JSON.stringify(server.owner.serviceAccountKey()),
    RCLONE_LOW_LEVEL_RETRIES: '1',
    RCLONE_RETRIES: '1',
  }
  const { stdout, stderr } = await run('rclone', args, { env, timeout: 30_000 })
  return stdout + stderr
}

test.skipIf(!hasRclone)(
  'rclone copies and checks, with a key file, resumable uploads and strange names (rclone)',
  async () => {
    const server = await startServer()
    const directory = await temporaryDirectory()
    await mkdir(join(directory, 'sub dir'))
    const files = { empty: 0, one: 1, 'sub dir/ü&<>"\'+%20': 1000, chunked: 20 * 1024 * 1024 + 3 }
    for (const [name, size] of Object.entries(files)) await writeFile(join(directory, name), pattern(size))
    await rclone(server, 'copy', directory, 'g:bucket/in')
    expect(server.requests.count('token')).toBe(1)
    expect(server.requests.count('objects.insertChunk')).toBeGreaterThan(1)
    const live = server.admin.snapshot('bucket').filter((row) => row.state === 'live')
    expect(live.map((row) => row.name)).toEqual(['in/chunked', 'in/empty', 'in/one', 'in/sub dir/ü&<>"\'+%20'])
    for (const download of [[], ['--download']])
      expect(await rclone(server, 'check', directory, 'g:bucket/in', ...download)).toContain('0 differences found')
    const back = await temporaryDirectory()
    await rclone(server, 'copy', 'g:bucket/in', back)
    for (const [name, size] of Object.entries(files))
      expect((await readFile(join(back, name))).equals(pattern(size)), name).toBe(true)
    await rclone(server, 'copyto', 'g:bucket/in/one', 'g:bucket/copy')
    await rclone(server, 'delete', 'g:bucket/in/empty')
    const listed = (await rclone(server, 'lsf', '-R', '--files-only', 'g:bucket')).trim().split('\n')
    expect(listed.sort()).toEqual(['copy', 'in/chunked', 'in/one', 'in/sub dir/ü&<>"\'+%20'])
    server.admin.corrupt('bucket', 'in/chunked', 5_000_000)
    await expect(rclone(server, 'check', directory, 'g:bucket/in', '--download')).rejects.toThrow(/differences found/)
    await rclone(server, 'mkdir', 'g:another')
    expect(await rclone(server, 'lsd', 'g:')).toMatch(/ another\n.* bucket\n/)
  },
  120_000,
)
