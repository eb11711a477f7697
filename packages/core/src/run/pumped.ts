import type { Transform } from 'node:stream'

/**
 * What `engine` makes of the chunks of `source`, which stays open. Each chunk is used up before the next is asked for, as bodies
 * require. The engine may end before the source does, and is destroyed in the end. Throws what either throws, as it is.
 */
export async function* pumped(
  source: AsyncIterator<Uint8Array, unknown>,
  engine: Transform,
): AsyncGenerator<Uint8Array, void, void> {
  const feed = async (): Promise<void> => {
    while (!engine.destroyed && !engine.readableEnded) {
      const { done, value } = await source.next()
      if (done) {
        engine.end()
        return
      }
      await written(engine, value)
    }
  }
  // Kept aside: an engine takes no reason that is not an Error, as those of signals may be, and none once it has ended.
  let failure: { readonly reason: unknown } | undefined
  const feeding = feed().catch((reason: unknown) => {
    failure ??= { reason }
    engine.destroy()
  })
  try {
    for await (const chunk of engine) yield chunk as Uint8Array
    await feeding
  } catch (error) {
    failure ??= { reason: error }
  } finally {
    engine.destroy()
    await feeding
  }
  if (failure !== undefined) throw failure.reason
}

/** Resolves when the chunk was used up, or the engine is gone: zlib then forgets to say so. */
const written = (engine: Transform, chunk: Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    if (engine.destroyed) return resolve()
    const done = (): void => {
      engine.off('close', done)
      resolve()
    }
    engine.once('close', done)
    engine.write(chunk, done)
  })
