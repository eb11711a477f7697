import { s3Error } from '../errors.js'
import type { Request } from './connection.js'

/** What was seen of a request on its way out and back. */
export interface Seen {
  host?: string
  port?: number | undefined
  protocol?: string
  status?: number
  headers?: Readonly<Record<string, string>>
}

/** The part of the SDK's middleware stack that is needed here; its own type names inputs and outputs. */
interface Stack {
  add(
    middleware: (next: (args: StackArgs) => Promise<StackResult>) => (args: StackArgs) => Promise<StackResult>,
    options: { readonly step: 'build' | 'deserialize'; readonly name: string; readonly priority?: 'low' },
  ): void
}

interface StackArgs {
  readonly input: { ChecksumMode?: unknown }
  readonly request: {
    readonly protocol: string
    readonly hostname: string
    readonly port?: number
    readonly headers: Record<string, string>
  }
}

interface StackResult {
  readonly response?: {
    readonly statusCode?: number
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: {
      readonly destroy?: () => unknown
      readonly on?: (event: 'error', listener: () => void) => unknown
    }
  }
}

/** On the command, not on the client: one that was given must stay as it is. */
export const watch = <Output>(request: Request<Output>, seen: Seen, subject: string): void => {
  const { command, headers } = request
  const { middlewareStack } = command as { readonly middlewareStack: Stack }
  middlewareStack.add(
    (next) => (args) => {
      const { request: sent, input } = args
      // A client that was given may ask for checksums by itself, and would hash the body in JavaScript.
      if (input.ChecksumMode !== undefined) input.ChecksumMode = undefined
      delete sent.headers['x-amz-checksum-mode']
      Object.assign(sent.headers, headers)
      Object.assign(seen, { host: sent.hostname, port: sent.port, protocol: sent.protocol })
      return next(args)
    },
    { step: 'build', name: 'backproofRequest' },
  )
  middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      const { statusCode = 0, headers: told = {}, body } = result.response ?? {}
      Object.assign(seen, { status: statusCode, headers: told })
      if (request.xml !== true || statusCode >= 300 || !isObject(told)) return result
      body?.on?.('error', ignore)
      body?.destroy?.()
      const what = `The service does not know ${request.operation}: what came (${told['content-type']}) is no XML about the object.`
      throw s3Error('unsupported', request.operation, subject, what)
    },
    { step: 'deserialize', name: 'backproofAnswer', priority: 'low' },
  )
}

/**
 * Whether an answer is an object, and not a document about one. Objects may be XML too, or of a type that only sounds so
 * (those of office files do); but they come with their ETag as a header, which a document has inside.
 */
const isObject = (headers: Readonly<Record<string, string>>): boolean =>
  headers['etag'] !== undefined || !/xml/i.test(headers['content-type'] ?? 'xml')

/** For a stream that nobody reads. */
const ignore = (): void => undefined
