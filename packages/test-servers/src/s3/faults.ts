/** A request as a fault function sees it, before anything was done for it. */
export interface FaultRequest {
  /** Name of the S3 operation, for example `ListObjectsV2`. */
  readonly operation: string
  readonly bucket: string
  /** Empty for operations on buckets. */
  readonly key: string
  /** How many requests of this operation came so far, this one included: 1 for the first. */
  readonly count: number
  readonly query: ReadonlyMap<string, string>
}

/** One thing that goes wrong with one request. Each really happens on the socket. */
export type Fault =
  /** An error document instead of the answer, for example 503 `SlowDown` with `{ 'retry-after': '1' }`. */
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
  /** An XML answer that breaks off in the middle of an element, with the length that it then has. */
  | { readonly malformedXml: true }
  /** A listing page that repeats: its keys are those of the page before, and its token leads to itself. */
  | { readonly repeatToken: true }
  /** The answer comes that many milliseconds later. */
  | { readonly delayMs: number }
  /** 400 ExpiredToken, as for session credentials whose time is over. */
  | { readonly expiredToken: true }

/** Decides for each request whether something goes wrong; `undefined`: all is well. */
export type FaultFunction = (request: FaultRequest) => Fault | undefined
