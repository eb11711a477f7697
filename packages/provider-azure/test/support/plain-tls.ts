import { Agent } from 'node:https'
import { connect } from 'node:net'
import type { AzureServer } from '@backproof/test-servers'
import { afterAll, beforeAll, vi } from 'vitest'

/**
 * Lets requests to https URLs of 127.0.0.1 go over plain connections, as the test server speaks http: the SDK sends tokens
 * and customer-provided keys to https URLs only.
 */
export const withPlainTls = (): void => {
  // Node calls it for every connection of an agent; its types do not have it.
  const prototype = Agent.prototype as unknown as { createConnection: (options: PlainOptions) => unknown }
  beforeAll(() => {
    vi.spyOn(prototype, 'createConnection').mockImplementation(({ host, port }) => connect({ host, port }))
  })
  afterAll(() => vi.restoreAllMocks())
}

interface PlainOptions {
  readonly host: string
  readonly port: number
}

export const secureUrl = ({ url }: AzureServer): string => url.replace(/^http:/, 'https:')
