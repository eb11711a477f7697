import type { StatusFault } from '../http/exchange.js'
import type { RequestParts } from '../http/message.js'
import type { Reply } from '../http/reply.js'

/** What a front knows about the platform of the server behind it. */
export interface FrontPlatform {
  /** What a request asks. @throws URIError for a path that is not percent-encoded UTF-8. */
  classify(request: RequestParts): FrontOperation
  /** The platform's document for an error that a test asks for. */
  injected(fault: StatusFault, request: RequestParts): Reply
  /** The platform's answer to credentials whose time is over. */
  expired(request: RequestParts): Reply
}

export interface FrontOperation {
  readonly operation: string
  /** On Azure the container. */
  readonly bucket: string
  readonly key: string
  /** Whether it asks for a page of a listing. */
  readonly listing: boolean
}
