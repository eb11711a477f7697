import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Fault, FaultFunction } from './faults.js'
import { readBody } from './message.js'
import type { Reply } from './reply.js'
import type { RequestRecorder } from './requests.js'
import { respond } from './respond.js'

/** A fault that is an error document of the platform. */
export type StatusFault = Extract<Fault, { readonly status: number }>

/** A request as a platform understands it, and how that platform answers. */
export interface Exchange {
  /** As the platform names it; a name of the server's own for what it does not have. */
  readonly operation: string
  readonly bucket: string
  readonly key: string
  readonly query: ReadonlyMap<string, string>
  /** Whether it asks for a page of a listing, which the fault `repeatToken` repeats. */
  readonly listing: boolean
  /**
   * Does it. What it throws goes to {@link failed}.
   *
   * @param body `undefined` where the connection broke off before its end.
   */
  answer(body: Buffer | undefined): Reply | Promise<Reply>
  /** The answer to what {@link answer} threw. */
  failed(error: unknown): Reply
  /** The error document that a fault asks for. */
  injected(fault: StatusFault): Reply
  /** The answer to credentials whose time is over. */
  expired(): Reply
  /** The answer as it goes out, with the headers that the platform puts on each. Default: as it is. */
  dress?(reply: Reply): Reply
}

export interface ServeContext {
  readonly recorder: RequestRecorder
  readonly fault: () => FaultFunction | undefined
  /** The last page of each listing, by operation and bucket, for the fault that repeats it. */
  readonly pages: Map<string, Reply>
  /** Aborts when the server closes. */
  readonly closing: AbortSignal
}

/** Answers one request. Rejects only for a fault of the test's own function, and when the server closes. */
export const serve = async (
  context: ServeContext,
  exchange: Exchange,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { operation, bucket, key, query } = exchange
  const record = (status: number): void => context.recorder.answered({ operation, bucket, key, status })
  const count = context.recorder.arrived(operation)
  const fault = context.fault()?.({ operation, bucket, key, count, query })
  if (fault !== undefined && 'reset' in fault && fault.reset === 'before-headers') {
    record(0)
    message.socket.resetAndDestroy()
    return
  }
  if (fault !== undefined && 'delayMs' in fault) await delay(fault.delayMs, undefined, { signal: context.closing })
  const reply = await answer(context, exchange, message, fault)
  record(reply.status)
  await respond(response, exchange.dress?.(reply) ?? reply, fault, message.method === 'HEAD')
}

const answer = async (
  context: ServeContext,
  exchange: Exchange,
  message: IncomingMessage,
  fault: Fault | undefined,
): Promise<Reply> => {
  try {
    const body = await readBody(message)
    if (fault !== undefined && 'expiredToken' in fault) return exchange.expired()
    if (fault !== undefined && 'status' in fault) return exchange.injected(fault)
    const page = `${exchange.operation} ${exchange.bucket}`
    const repeated = fault !== undefined && 'repeatToken' in fault ? context.pages.get(page) : undefined
    if (repeated !== undefined) return repeated
    const reply = await exchange.answer(body)
    if (exchange.listing) context.pages.set(page, reply)
    return reply
  } catch (error) {
    return exchange.failed(error)
  }
}
