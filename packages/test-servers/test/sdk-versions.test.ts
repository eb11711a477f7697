import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BlobServiceClient } from '@azure/storage-blob'
import { Storage } from '@google-cloud/storage'
import { describe, expect, it } from 'vitest'

// `.ci/other-nodes` tests with newer SDKs than those of the lock file, which it names by NEWEST_SDKS.
const newest = process.env['NEWEST_SDKS']
const lockfile = join(import.meta.dirname, '../../..')

const installed = (folder: string, name: string): string =>
  JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version

/** What the SDK that was loaded says of itself in its requests. */
const SAID: Readonly<Record<string, () => Promise<string>>> = {
  '@azure/storage-blob': async () => {
    let agent = ''
    const client = new BlobServiceClient('http://127.0.0.1/account', undefined, {
      retryOptions: { maxTries: 1 },
      httpClient: {
        sendRequest: async (request) => {
          agent = request.headers.get('user-agent') ?? ''
          throw new Error('enough')
        },
      },
    })
    await expect(client.getProperties()).rejects.toThrow('enough')
    return /azsdk-js-azure-storage-blob\/([\d.]+)/.exec(agent)?.[1] ?? agent
  },
  '@google-cloud/storage': async () => {
    const { packageJson } = new Storage({ projectId: 'none' }) as unknown as {
      readonly packageJson: { version: string }
    }
    return packageJson.version
  },
}

describe('the SDK that is loaded', () => {
  it.each(Object.entries(SAID))('of %s is the one that was asked for', async (name, said) => {
    const version = await said()
    expect(version).toBe(installed(newest ?? lockfile, name))
    expect(version === installed(lockfile, name)).toBe(newest === undefined)
  })
})
