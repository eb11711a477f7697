import { BackupError } from '../errors.js'

/** Whether a source is still there to be used, and what has to end with it. */
export interface Lifetime {
  /** Throws `invalid-config` after {@link close}. */
  checkOpen(): void
  /** Registers what disposing of the source has to end; gives a function that takes it out again. */
  onClose(end: () => void): () => void
  /** What calls that are under way are rejected with when the source is disposed of. */
  disposed(): Error
  /** Ends everything that was registered. Only the first call does something; gives whether this one was it. */
  close(): boolean
}

/** Of the source `uri`, from its opening to its disposal. @param provider Short name of the provider, for errors. */
export const createLifetime = (uri: string, provider: string): Lifetime => {
  const ends = new Set<() => void>()
  let closed = false
  const disposed = (): Error =>
    new BackupError({
      code: 'invalid-config',
      message: `The source ${uri} was disposed of; open it again.`,
      provider,
    })
  return {
    checkOpen: () => {
      if (closed) throw disposed()
    },
    onClose: (end) => {
      ends.add(end)
      return () => ends.delete(end)
    },
    disposed,
    close: () => {
      if (closed) return false
      closed = true
      for (const end of [...ends]) end()
      return true
    },
  }
}
