/** The answer of an operation. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Documents as text; bytes of an object as they are. For HEAD the body gives the length only. */
  readonly body?: string | Buffer | undefined
  /** Bytes of the body after which the connection breaks, because the rest is lost. */
  readonly brokenAfter?: number | undefined
  /** Whether the body comes in chunks, with no word of its length. Default false. */
  readonly chunked?: boolean | undefined
}

/** Further headers on an answer. */
export const withHeaders = (reply: Reply, headers: Readonly<Record<string, string>>): Reply => ({
  ...reply,
  headers: { ...reply.headers, ...headers },
})
