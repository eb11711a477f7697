import { BackupError } from '@backproof/core/errors'
import { PROVIDER } from '../errors.js'
import type { TokenSource } from './credentials.js'

/**
 * The credential that `@azure/identity` finds (`az login`, managed identities, its own variables). The package is loaded when
 * the first request needs a token: it is large, and not everybody has it.
 */
export const foundCredential = (): TokenSource => {
  let loading: Promise<TokenSource> | undefined
  return {
    getToken: async (scopes, options) => {
      loading ??= loadIdentity()
      return (await loading).getToken(scopes, options)
    },
  }
}

const loadIdentity = async (): Promise<TokenSource> => {
  try {
    const { DefaultAzureCredential } = await import('@azure/identity')
    return new DefaultAzureCredential() as TokenSource
  } catch (error) {
    throw new BackupError({
      code: 'invalid-config',
      message:
        'No credential for Azure is set. Set AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN; or install @azure/identity and log in (az login).',
      provider: PROVIDER,
      cause: error,
    })
  }
}
