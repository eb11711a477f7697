/**
 * Maps with up to `window` calls in flight and yields the results in the order of the inputs. Inputs are pulled only
 * when a place is free. When the consumer leaves or a call fails, nothing more is started and what is under way is
 * waited for, so that no call outlives the run.
 */
export async function* orderedParallel<I, O>(
  inputs: AsyncIterable<I>,
  window: number,
  map: (input: I) => Promise<O>,
): AsyncGenerator<O> {
  const inFlight: Promise<O>[] = []
  try {
    for await (const input of inputs) {
      const call = map(input)
      // Failures are thrown in order, when their turn comes; until then they must not count as unhandled.
      call.catch(ignore)
      inFlight.push(call)
      if (inFlight.length >= window) yield await inFlight.shift()!
    }
    while (inFlight.length > 0) yield await inFlight.shift()!
  } finally {
    await Promise.allSettled(inFlight)
  }
}

const ignore = (): void => undefined
