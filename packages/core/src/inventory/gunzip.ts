import { createGunzip } from 'node:zlib'
import { isBackupError } from '../errors.js'
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
  const feed = async (): Promise<void> => {
    while (!engine.destroyed && !engine.readableEnded) {
      const { done, value } = await source.next()
      if (done) {
        engine.end()
        return
      }
      fed += value.byteLength
      await new Promise<void>((resolve) => {
        if (engine.destroyed) return resolve()
        // zlib does not call back for a chunk once it is gone.
        engine.once('close', resolve)
        engine.write(value, () => {
          engine.off('close', resolve)
          resolve()
        })
      })
    }
  }
  let failure: unknown
  const feeding = feed().catch((error: unknown) => {
    failure = error
    engine.destroy()
  })
  try {
    for await (const chunk of engine) yield chunk as Uint8Array
    await feeding
    // zlib stops in silence at zeros, whatever comes behind them.
    while ((await source.next()).done !== true) fed = Number.POSITIVE_INFINITY
    if (engine.bytesWritten < fed) {
      throw listFileError(
        'corrupt',
        subject,
        file,
        `what follows its gzip data, at byte ${engine.bytesWritten}, is none.`,
      )
    }
  } catch (error) {
    if (failure !== undefined) throw failure
    if (isBackupError(error)) throw error
    const told = error instanceof Error ? error.message : String(error)
    throw listFileError('corrupt', subject, file, `its gzip data is damaged or cut short (${told}).`, error)
  } finally {
    engine.destroy()
    await source.return()
    await feeding
  }
}
