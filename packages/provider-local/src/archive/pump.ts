import type { Transform } from 'node:stream'
import { pumped } from '@backproof/core/run'
import { decompressionError } from './archive-errors.js'

/** As `pumped` of core; what zlib says of damaged data is said of the archive. */
export async function* pump(
  source: AsyncIterator<Uint8Array>,
  engine: Transform,
  archive: string,
): AsyncGenerator<Uint8Array> {
  try {
    yield* pumped(source, engine)
  } catch (error) {
    throw decompressionError(archive, error)
  }
}
