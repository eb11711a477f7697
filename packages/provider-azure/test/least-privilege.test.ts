import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compare } from '@backproof/core/compare'
import { preflight } from '@backproof/core/preflight'
import { exitCode } from '@backproof/core/report'
import { verify } from '@backproof/core/verify'
import { type AzureBlobSourceOptions, readOnlyPolicy } from '@backproof/provider-azure'
import { localDirectory } from '@backproof/provider-local'
import { type AzureServer, startAzureServer } from '@backproof/test-servers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf, listAll, readAll, withContainer } from './support/container.js'
import { secureUrl, withPlainTls } from './support/plain-tls.js'

const CONTAINER = 'vault'
let server: AzureServer
let directory = ''

withPlainTls()
beforeAll(async () => {
  server = await startAzureServer({ versioning: true })
  directory = await mkdtemp(join(tmpdir(), 'backproof-azure-least-'))
  for (const name of [CONTAINER, 'another']) server.admin.createContainer({ name })
  await server.admin.put(CONTAINER, 'a', Buffer.from('an older one'))
  for (const name of ['a', 'b']) {
    await writeFile(join(directory, name), `content of ${name}`)
    await server.admin.put(CONTAINER, name, Buffer.from(`content of ${name}`))
  }
})
afterAll(async () => {
  await server.close()
  await rm(directory, { recursive: true, force: true })
})

type Options = Partial<AzureBlobSourceOptions>

const policy = () => readOnlyPolicy({ account: server.account, container: CONTAINER })

/** Exactly what the policy permits, on this container alone. */
const WAYS: readonly (readonly [string, () => Options])[] = [
  [
    'the custom role',
    () => {
      const { token } = server.addUser({ actions: policy().customRole.DataActions, containers: [CONTAINER] })
      const getToken = async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 })
      return { url: secureUrl(server), credential: { getToken } }
    },
  ],
  [
    'a signature with the letters',
    () => ({ credential: { sas: server.sas({ container: CONTAINER, permissions: policy().sas.permissions }) } }),
  ],
]

describe.each(WAYS)('a user with nothing but %s of readOnlyPolicy()', (_, optionsOf) => {
  it('compares, verifies and checks, and the container is as it was', async () => {
    const before = server.admin.snapshot(CONTAINER)
    await withContainer(server, CONTAINER, optionsOf(), async (source) => {
      for (const require of ['claimed', 'stored', 'read'] as const) {
        const run = compare({ source: localDirectory({ path: directory }), replicas: [source], require })
        expect(exitCode((await run.report()).result), require).toBe(0)
      }
      expect(exitCode((await verify({ source, require: 'claimed' }).report()).result)).toBe(0)
      expect(await preflight(source)).toMatchObject({ ok: true })
    })
    expect(server.admin.snapshot(CONTAINER)).toEqual(before)
  })

  it('lists and reads old versions', async () => {
    await withContainer(server, CONTAINER, optionsOf(), async (source) => {
      const entries = (await listAll(source, { versions: true })).filter(({ key }) => key === 'a')
      const contents = await Promise.all(entries.map(async (entry) => (await readAll(source, entry)).toString()))
      expect(contents).toEqual(['content of a', 'an older one'])
    })
  })

  it('sees no other container', async () => {
    const error = await failureOf(withContainer(server, 'another', optionsOf(), (source) => listAll(source)))
    expect(error.code).toBe('access-denied')
  })
})
