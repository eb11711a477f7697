import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { newPipeline, type Pipeline, type RequestPolicyFactory } from '@azure/storage-blob'
import type { TokenSource } from './credentials.js'

/** What was seen of the answer to a request, also where the SDK makes nothing of it. */
export interface Seen {
  status?: number
  headers?: Readonly<Record<string, string>>
}

/** A pipeline of our own, and what it holds open. */
export interface OpenPipeline {
  readonly pipeline: Pipeline
  /** Has the answer to the request with this signal written to `seen`. */
  watch(signal: AbortSignal, seen: Seen): void
  close(): void
}

/** The answer that an error of the SDK's (`RestError`) holds. */
interface ErrorAnswer {
  readonly status: number
  readonly headers?: { toJSON(): Record<string, string> } | undefined
}

/**
 * The SDK's pipeline with its retries off (runs retry) and connections of its own: those of the SDK are shared by all that
 * use it in this process, and nothing can close them.
 */
export const openPipeline = (credential: Parameters<typeof newPipeline>[0] | TokenSource): OpenPipeline => {
  const options = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY }
  const agents = { http: new HttpAgent(options), https: new HttpsAgent(options) }
  const watched = new WeakMap<object, Seen>()
  const pipeline = newPipeline(credential as Parameters<typeof newPipeline>[0], { retryOptions: { maxTries: 1 } })
  const factory: RequestPolicyFactory = {
    create: (next) => ({
      sendRequest: async (request) => {
        // One that is there is a proxy's, which the environment names.
        request.agent ??= request.url.startsWith('https:') ? agents.https : agents.http
        const seen = request.abortSignal === undefined ? undefined : watched.get(request.abortSignal)
        try {
          const response = await next.sendRequest(request)
          if (seen !== undefined) Object.assign(seen, { status: response.status, headers: response.headers.toJson() })
          return response
        } catch (error) {
          // Below, the SDK has made an error of an answer with a bad status.
          const { response } = error as { readonly response?: ErrorAnswer | undefined }
          if (seen !== undefined && response?.headers !== undefined) {
            Object.assign(seen, { status: response.status, headers: response.headers.toJSON() })
          }
          throw error
        }
      },
    }),
  }
  pipeline.factories.push(factory)
  return {
    pipeline,
    watch: (signal, seen) => watched.set(signal, seen),
    close: () => {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}
