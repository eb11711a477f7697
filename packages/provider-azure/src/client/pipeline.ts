import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import {
  type HttpOperationResponse,
  newPipeline,
  type Pipeline,
  type RequestPolicyFactory,
  type WebResource,
} from '@azure/storage-blob'
import type { TokenSource } from './credentials.js'

/** What was seen of the answer to a request, also where the SDK makes nothing of it. */
export interface Seen {
  status?: number
  headers?: Readonly<Record<string, string>>
}

/** What is done about a request. */
export interface Watch {
  /** Has the answer written to it. */
  readonly seen: Seen
  /**
   * Whether a page of a listing is given as the text that came (`bodyAsText`), unread: without blobs, as far as the SDK
   * can see. Its parser blocks the process for most of a second on a page of 5,000 rows.
   */
  readonly unread: boolean
}

/** A pipeline of our own, and what it holds open. */
export interface OpenPipeline {
  readonly pipeline: Pipeline
  /** For the request with this signal. */
  watch(signal: AbortSignal, watch: Watch): void
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
  const watched = new WeakMap<object, Watch>()
  const pipeline = newPipeline(credential as Parameters<typeof newPipeline>[0], { retryOptions: { maxTries: 1 } })
  const factory: RequestPolicyFactory = {
    create: (next) => ({
      sendRequest: async (request) => {
        // One that is there is a proxy's, which the environment names.
        request.agent ??= request.url.startsWith('https:') ? agents.https : agents.http
        const { seen, unread } = (request.abortSignal && watched.get(request.abortSignal)) ?? UNWATCHED
        if (unread) keepUnread(request)
        try {
          const response = await next.sendRequest(request)
          if (seen !== undefined) Object.assign(seen, { status: response.status, headers: response.headers.toJson() })
          if (unread) await takeText(response)
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
    watch: (signal, watch) => watched.set(signal, watch),
    close: () => {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

const UNWATCHED: Partial<Watch> = {}

/** The SDK parses no answer whose body it hands over as a stream. Refusals remain to be read. */
const keepUnread = (request: WebResource): void => {
  request.streamResponseStatusCodes = new Set([200])
}

/** What the SDK makes its answer of, where it has read no page. */
const NO_BLOBS = { segment: { blobItems: [] } }

const takeText = async (response: HttpOperationResponse): Promise<void> => {
  const chunks: Buffer[] = []
  for await (const chunk of response.readableStreamBody ?? []) chunks.push(chunk as Buffer)
  // Bytes that are not UTF-8 were damaged: they end with a TypeError, as other names of blobs must not come of them.
  response.bodyAsText = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  response.parsedBody = NO_BLOBS
}
