import type { Transform } from 'node:stream'
import { decompressionError } from './archive-errors.js'

/**
 * What `engine` makes of the chunks of `source`, which stays open. Each chunk is used up before the next is asked for, as
 * bodies require. The engine may end before the source does.
 */
export async function* pump(
  source: AsyncIterator<Uint8Array>,
  engine: Transform,
  archive: string,
): AsyncGenerator<Uint8Array> {
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
  const feeding = feed().catch((error: unknown) => {
    engine.destroy(error instanceof Error ? error : new Error(String(error)))
  })
  try {
    for await (const chunk of engine) yield chunk as Uint8Array
  } catch (error) {
    throw decompressionError(archive, error)
  } finally {
    engine.destroy()
    await feeding
  }
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
