import { setMaxListeners } from 'node:events'
import { BackupError } from '../errors.js'
import type { Incompleteness } from '../report/report.js'
import type { Run } from './run.js'

/**
 * Thrown by a run's body when what was found so far stands but the run does not go on. With the error that ended it; without one
 * where it was told to end there, which is no failure.
 */
export class RunIncomplete extends Error {
  readonly why: Incompleteness
  readonly original: Error | undefined

  constructor(why: Incompleteness, original?: Error) {
    super(original?.message)
    this.why = why
    this.original = original
  }
}

export interface RunBody<F, R> {
  /** The caller's signal. */
  readonly signal: AbortSignal | undefined
  /**
   * Produces the findings. Its signal aborts when the caller's does, when the consumer leaves, or when the body itself
   * cancels because a part of it failed. Must release everything in `finally`.
   */
  readonly findings: (signal: AbortSignal, cancel: (reason: unknown) => void) => AsyncGenerator<readonly F[]>
  /** The report on what was found, once. `undefined`: the run came to its end. */
  readonly report: (incomplete: Incompleteness | undefined) => R
}

/** The one implementation of {@link Run}. */
export const createRun = <F, R>(body: RunBody<F, R>): Run<F, R> => {
  const controller = new AbortController()
  // The caller's signal gets one listener. This one is ours, and every wait of the run listens to it.
  setMaxListeners(0, controller.signal)
  let generator: AsyncGenerator<readonly F[]> | undefined
  let ended: { readonly report: R } | { readonly failure: Error } | undefined
  let iterated = false
  // The body may cancel itself when a part of it failed; only the caller's cancellation makes the run "aborted".
  let aborted = false
  let left = false

  const onAbort = (): void => {
    aborted = true
    controller.abort(body.signal?.reason)
  }

  const start = (): AsyncGenerator<readonly F[]> => {
    if (generator === undefined) {
      // One listener per run, whatever the number of requests.
      if (body.signal?.aborted) onAbort()
      else body.signal?.addEventListener('abort', onAbort, { once: true })
      generator = body.findings(controller.signal, (reason) => controller.abort(reason))
    }
    return generator
  }

  const end = (incomplete: Incompleteness | undefined): void => {
    body.signal?.removeEventListener('abort', onAbort)
    ended ??= { report: body.report(incomplete) }
  }

  const next = async (): Promise<IteratorResult<readonly F[], undefined>> => {
    if (ended !== undefined) return { done: true, value: undefined }
    try {
      const result = await start().next()
      if (!result.done) return result
      end(undefined)
      return { done: true, value: undefined }
    } catch (error) {
      if (error instanceof RunIncomplete) {
        end(error.why)
        if (error.original === undefined) return { done: true, value: undefined }
        throw error.original
      }
      if (aborted) {
        end({ reason: 'aborted' })
        throw controller.signal.reason
      }
      // The consumer did not wait for this page before it left.
      if (left && error === controller.signal.reason) end({ reason: 'left-early' })
      else {
        body.signal?.removeEventListener('abort', onAbort)
        ended = { failure: error as Error }
      }
      throw error
    }
  }

  const leave = async (): Promise<IteratorResult<readonly F[], undefined>> => {
    if (ended === undefined) {
      start()
      left = true
      controller.abort(new DOMException('The consumer left the run early', 'AbortError'))
      try {
        await generator?.return(undefined)
      } catch (error) {
        // The generator answers the abort with its reason; anything else is a fault of the run.
        if (error !== controller.signal.reason) throw error
      } finally {
        end({ reason: 'left-early' })
      }
    }
    return { done: true, value: undefined }
  }

  return {
    [Symbol.asyncIterator]: () => {
      if (iterated) {
        throw new BackupError({
          code: 'invalid-config',
          message: 'A run can be iterated once. Start a new run, or keep the findings of the first iteration.',
        })
      }
      iterated = true
      return { next, return: leave }
    },
    report: async () => {
      while (ended === undefined) {
        try {
          await next()
        } catch (error) {
          // An end that has a report (cancelled, or a listing failed half way) is told in the report; the rest is thrown.
          if (ended === undefined || 'failure' in ended) throw error
        }
      }
      if ('failure' in ended) throw ended.failure
      return ended.report
    },
  }
}
