import { afterEach, describe, expect, it, vi } from 'vitest'
import { foundCredential } from '../../src/client/identity.js'

afterEach(() => {
  vi.doUnmock('@azure/identity')
  vi.resetModules()
})

describe('what @azure/identity finds', () => {
  it('is asked when a token is needed, and made once', async () => {
    let made = 0
    vi.doMock('@azure/identity', () => ({
      DefaultAzureCredential: class {
        constructor() {
          made += 1
        }
        getToken = async (scopes: string) => ({ token: `for ${scopes}`, expiresOnTimestamp: 1 })
      },
    }))
    const credential = foundCredential()
    expect(made).toBe(0)
    expect(await credential.getToken('a')).toEqual({ token: 'for a', expiresOnTimestamp: 1 })
    expect(await credential.getToken('b')).toEqual({ token: 'for b', expiresOnTimestamp: 1 })
    expect(made).toBe(1)
  })

  it('is nothing where the package is not installed: then it is said what to set, or to install', async () => {
    vi.doMock('@azure/identity', () => {
      throw new Error("Cannot find package '@azure/identity'")
    })
    const asked = foundCredential().getToken('a')
    await expect(asked).rejects.toMatchObject({ code: 'invalid-config', retryable: false })
    await expect(asked).rejects.toThrow(/AZURE_STORAGE_CONNECTION_STRING.+install @azure\/identity/)
  })
})
