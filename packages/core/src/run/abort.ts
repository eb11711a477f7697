/**
 * `promise`, or a rejection with `signal.reason` as soon as the signal aborts. For waits that code outside core might
 * not end promptly; what the promise does later is ignored.
 */
export const abortable = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> => {
  if (signal.aborted) {
    promise.catch(ignore)
    return Promise.reject(signal.reason as Error)
  }
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/** Iterates `pages`, but stops waiting for a page when the signal aborts. */
export async function* untilAborted<T>(pages: AsyncIterable<T>, signal: AbortSignal | undefined): AsyncGenerator<T> {
  if (signal === undefined) {
    yield* pages
    return
  }
  signal.throwIfAborted()
  const iterator = pages[Symbol.asyncIterator]()
  let state: 'open' | 'waiting' | 'done' = 'open'
  try {
    while (state === 'open') {
      signal.throwIfAborted()
      state = 'waiting'
      const next = iterator.next()
      next.catch(() => {
        state = 'done'
      })
      const { done, value } = await abortable(next, signal)
      state = done === true ? 'done' : 'open'
      if (done !== true) yield value
    }
  } finally {
    // A source that hangs in next() would hang here too: it is told, and not waited for. The abort is what is reported.
    const closed = state === 'done' ? undefined : iterator.return?.()
    if (state === 'waiting') closed?.catch(() => undefined)
    else await closed
  }
}

/** Waits for all of them, also where one fails: nothing goes on behind whoever waits, and of several failures the first in order is told. */
export const settledAll = async <T>(promises: readonly Promise<T>[]): Promise<T[]> => {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}

/** Resolves after `ms` milliseconds; rejects with `signal.reason` on abort and leaves no timer. */
export const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error)
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal.addEventListener('abort', onAbort, { once: true })
  })

// The wait was given up; whoever waits has been told the reason.
const ignore = (): void => undefined
