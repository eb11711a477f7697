import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { startServer } from './clients.js'

const hasRclone = spawnSync('rclone', ['version']).status === 0
const run = promisify(execFile)

/** The account and key of Microsoft's emulators, the only ones for which rclone takes an endpoint as it is. They are public. */
const EMULATOR = {
  account: 'devstoreaccount1',
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
}

const rclone = async (login: Record<string, string>, ...args: string[]): Promise<string> => {
  const env = {
    ...process.env,
    RCLONE_CONFIG: '/dev/null',
    RCLONE_LOW_LEVEL_RETRIES: '1',
    RCLONE_RETRIES: '1',
    RCLONE_CONFIG_A_TYPE: 'azureblob',
    ...Object.fromEntries(Object.entries(login).map(([name, value]) => [`RCLONE_CONFIG_A_${name}`, value])),
  }
  const { stdout, stderr } = await run('rclone', args, { env, timeout: 30_000 })
  return stdout + stderr
}

test.skipIf(!hasRclone)(
  'rclone lists, reads and checks with the key, and with a signature (rclone)',
  async () => {
    const server = await startServer(EMULATOR)
    server.admin.createContainer({ name: 'bucket' })
    const files = {
      empty: Buffer.alloc(0),
      'sub dir/ü&<>"\'+%20': Buffer.from('strange'),
      big: Buffer.alloc(9 * 1024 * 1024, 'many bytes '),
    }
    for (const [name, bytes] of Object.entries(files)) await server.admin.put('bucket', name, bytes)
    const directory = await mkdtemp(join(tmpdir(), 'backproof-azure-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    const key = { ENDPOINT: server.url, USE_EMULATOR: 'true' }
    const signed = { SAS_URL: `${server.url}/bucket?${server.sas({ container: 'bucket' })}` }
    for (const [name, login] of Object.entries({ key, signed })) {
      const target = join(directory, name)
      expect((await rclone(login, 'lsf', '-R', 'a:bucket')).split('\n').sort()).toEqual(
        ['', 'big', 'empty', 'sub dir/', 'sub dir/ü&<>"\'+%20'].sort(),
      )
      await rclone(login, 'copy', 'a:bucket', target)
      for (const [file, bytes] of Object.entries(files))
        expect((await readFile(join(target, file))).equals(bytes), file).toBe(true)
      expect(await rclone(login, 'check', target, 'a:bucket')).toContain('0 differences found')
    }
    server.admin.corrupt('bucket', 'big', 5_000_000)
    expect(await rclone(key, 'check', join(directory, 'key'), 'a:bucket')).toContain('0 differences found')
    await expect(rclone(key, 'check', '--download', join(directory, 'key'), 'a:bucket')).rejects.toThrow(
      /1 differences found/,
    )
  },
  60_000,
)
