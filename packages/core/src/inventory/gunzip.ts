import { createGunzip } from 'node:zlib'
import { pumped } from '../run/pumped.js'
import { type ListFileSubject, listFileError } from './list-errors.js'

/**
 * What a gzip stream holds: any number of members, each with its CRC-32 and length (RFC 1952). Throws `corrupt` for one that is
 * cut or damaged, or that something else follows. Reads `source` to its end, so that what is checked there is.
 */
export async function* gunzipped(
  source: AsyncGenerator<Uint8Array, void, void>,
  subject: ListFileSubject,
  file: string,
): AsyncGenerator<Uint8Array, void, void> {
  const engine = createGunzip({ chunkSize: 128 * 1024 })
  let fed = 0
  const counted: AsyncIterator<Uint8Array, void> = {
    next: async () => {
      const result = await source.next()
      if (result.done !== true) fed += result.value.byteLength
      return result
    },
  }
  try {
    yield* pumped(counted, engine)
    // zlib stops in silence at zeros, whatever comes behind them.
    while ((await source.next()).done !== true) fed = Number.POSITIVE_INFINITY
  } catch (error) {
    // Codes of zlib are Z_...; all else is the source's.
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))) throw error
    throw listFileError('corrupt', subject, file, `its gzip data is damaged or cut short (${error.message}).`, error)
  } finally {
    await source.return()
  }
  if (engine.bytesWritten < fed) {
    throw listFileError(
      'corrupt',
      subject,
      file,
      `what follows its gzip data, at byte ${engine.bytesWritten}, is none.`,
    )
  }
}
