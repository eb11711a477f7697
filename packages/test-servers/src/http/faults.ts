/** A request as a fault function sees it, before anything was done for it. */
export interface FaultRequest {
  /** As the platform names it, for example `ListObjectsV2` (S3), `objects.list` (Google Cloud). */
  readonly operation: string
  /** On Azure the container. */
  readonly bucket: string
  /** Empty for operations on buckets. */
  readonly key: string
  /** How many requests of this operation came so far, this one included: 1 for the first. */
  readonly count: number
  readonly query: ReadonlyMap<string, string>
}

/** One thing that goes wrong with one request. Each really happens on the socket. */
export type Fault =
  /**
   * An error document of the platform instead of the answer, for example 503 `SlowDown` with `{ 'retry-after': '1' }`.
   * `code` is what the platform names an error by: the code of S3 and Azure, the reason of Google Cloud.
   */
  | {
      readonly status: number
      readonly code: string
      readonly message?: string | undefined
      readonly headers?: Readonly<Record<string, string>> | undefined
    }
  /** The connection is reset (TCP RST): before the answer, or after that many bytes of its body. */
  | { readonly reset: 'before-headers' | number }
  /** Nothing more comes after that many bytes of the body; the connection stays open. */
  | { readonly stall: number }
  /** The right Content-Length, and the connection closes after that many bytes. */
  | { readonly truncate: number }
  /** This Content-Length, whatever the body has; the connection closes after the body. */
  | { readonly contentLength: number }
  /** An XML or JSON answer that breaks off in the middle, with the length that it then has. */
  | { readonly malformed: true }
  /** A listing page that repeats: its keys are those of the page before, and its token leads to itself. */
  | { readonly repeatToken: true }
  /** The answer comes that many milliseconds later. */
  | { readonly delayMs: number }
  /** The platform's answer to credentials whose time is over: 400 `ExpiredToken` of S3, 401 of the others. */
  | { readonly expiredToken: true }

/** Decides for each request whether something goes wrong; `undefined`: all is well. */
export type FaultFunction = (request: FaultRequest) => Fault | undefined
