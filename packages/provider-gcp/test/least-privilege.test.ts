import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compare } from '@backproof/core/compare'
import { preflight } from '@backproof/core/preflight'
import { exitCode } from '@backproof/core/report'
import { verify } from '@backproof/core/verify'
import { readOnlyPolicy } from '@backproof/provider-gcp'
import { localDirectory } from '@backproof/provider-local'
import { type GcsServer, type GcsUser, startGcsServer } from '@backproof/test-servers'
import { Storage } from '@google-cloud/storage'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { credentialsOf, listAll, readAll, withBucket } from './support/bucket.js'

const BUCKET = 'vault'
let server: GcsServer
let directory = ''

beforeAll(async () => {
  server = await startGcsServer()
  directory = await mkdtemp(join(tmpdir(), 'backproof-gcs-least-'))
  server.admin.createBucket({ name: BUCKET, versioning: true })
  await server.admin.put(BUCKET, 'a', Buffer.from('an older one'))
  for (const name of ['a', 'b']) {
    await writeFile(join(directory, name), `content of ${name}`)
    await server.admin.put(BUCKET, name, Buffer.from(`content of ${name}`), name === 'b' ? { componentCount: 2 } : {})
  }
})
afterAll(async () => {
  await server.close()
  await rm(directory, { recursive: true, force: true })
})

/** Exactly what the policy permits, on this bucket alone. */
const reader = (...features: NonNullable<Parameters<typeof readOnlyPolicy>[0]['features']>): GcsUser => {
  const { customRole } = readOnlyPolicy({ bucket: BUCKET, features })
  const resources = [BUCKET, `${BUCKET}/*`]
  return server.addUser({ allow: [{ permissions: customRole.includedPermissions, resources }] })
}

describe('a user with nothing but the role of readOnlyPolicy()', () => {
  it('compares, verifies and checks, and the bucket is as it was', async () => {
    const before = server.admin.snapshot(BUCKET)
    await withBucket(server, BUCKET, credentialsOf(reader('compare', 'verify')), async (source) => {
      for (const require of ['stored', 'read'] as const) {
        const run = compare({ source: localDirectory({ path: directory }), replicas: [source], require })
        expect(exitCode((await run.report()).result), require).toBe(0)
      }
      expect(exitCode((await verify({ source }).report()).result)).toBe(0)
      expect(await preflight(source)).toMatchObject({ ok: true })
    })
    expect(server.admin.snapshot(BUCKET)).toEqual(before)
  })

  it('lists and reads old generations, and sees the settings, with the features for it', async () => {
    await withBucket(server, BUCKET, credentialsOf(reader('versions', 'preflight')), async (source) => {
      expect((await source.describe()).versions).toBe(true)
      const entries = (await listAll(source, { versions: true })).filter(({ key }) => key === 'a')
      const contents = await Promise.all(entries.map(async (entry) => (await readAll(source, entry)).toString()))
      expect(contents).toEqual(['content of a', 'an older one'])
      const { ok, checks } = await preflight(source)
      expect(ok).toBe(true)
      expect(checks.find(({ id }) => id === 'soft-delete')?.status).toBe('ok')
    })
  })

  it('can neither write, change nor delete, nor see another bucket', async () => {
    server.admin.createBucket({ name: 'another' })
    const before = server.admin.snapshot(BUCKET)
    const { credentials } = credentialsOf(reader('compare', 'verify', 'versions', 'preflight'))
    const storage = new Storage({
      apiEndpoint: server.url,
      projectId: server.projectId,
      useAuthWithCustomEndpoint: true,
      credentials: credentials!,
      retryOptions: { autoRetry: false },
    })
    const file = storage.bucket(BUCKET).file('a')
    const forbidden = expect.objectContaining({ code: 403 }) as Error
    await expect(file.save('other bytes', { resumable: false })).rejects.toEqual(forbidden)
    await expect(file.delete()).rejects.toEqual(forbidden)
    await expect(file.setMetadata({ contentType: 'text/html' })).rejects.toEqual(forbidden)
    await expect(storage.bucket(BUCKET).setMetadata({ versioning: { enabled: false } })).rejects.toEqual(forbidden)
    await expect(storage.bucket('another').getFiles()).rejects.toEqual(forbidden)
    expect(server.admin.snapshot(BUCKET)).toEqual(before)
  })
})
