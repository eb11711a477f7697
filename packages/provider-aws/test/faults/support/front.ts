import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What stands between clients and S3 in companies: it hands requests on, or answers itself. */
export interface Front extends AsyncDisposable {
  readonly url: string
  /** Decides for each request from now on. `undefined`, or an answer of `undefined`: it is handed on. */
  answer(decide: ((request: FrontRequest) => FrontAnswer | undefined) | undefined): void
}

export interface FrontRequest {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingHttpHeaders
}

export type FrontAnswer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** Changes the text of the answer that came. */
  | { readonly edit: (text: string) => string }

/** Starts one in front of `target`. Signatures stay right: the Host header is handed on as it came. */
export const startFront = async (target: string): Promise<Front> => {
  let decide: ((request: FrontRequest) => FrontAnswer | undefined) | undefined
  const server = createServer((message, response) => {
    const url = new URL(message.url ?? '/', 'http://front')
    const chosen = decide?.({ method: message.method ?? 'GET', url, headers: message.headers })
    if (chosen !== undefined && 'status' in chosen) {
      response.writeHead(chosen.status, chosen.headers)
      response.end(message.method === 'HEAD' ? undefined : chosen.body)
      return
    }
    handOn(message, response, target, chosen?.edit)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (next) => {
      decide = next
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

const handOn = (
  message: IncomingMessage,
  response: ServerResponse,
  target: string,
  edit: ((text: string) => string) | undefined,
): void => {
  const { hostname, port } = new URL(target)
  const { method, headers, url } = message
  const sent = request({ hostname, port, method, path: url, headers, agent: false }, async (answer) => {
    if (edit === undefined) {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of answer) chunks.push(chunk as Buffer)
    const text = edit(Buffer.concat(chunks).toString())
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-length': Buffer.byteLength(text) })
    response.end(text)
  })
  sent.on('error', () => response.destroy())
  message.pipe(sent)
}
