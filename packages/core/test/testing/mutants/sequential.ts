import { BackupError } from '../../../src/errors.js'
import type { BackupSource, ObjectBody } from '../../../src/source/index.js'
import type { MemorySource } from '../../../src/testing/index.js'
import { but } from './mutant.js'

/** A memory source as a sequential one: its objects come through `scan`, in the order of its listing. */
export const sequential = (memory: MemorySource): BackupSource => {
  const refused = async (): Promise<never> => {
    throw new BackupError({ code: 'unsupported', message: 'This source is read through scan only.' })
  }
  return but(memory, {
    describe: async (options) => Object.freeze({ ...(await memory.describe(options)), access: 'sequential' }),
    stat: refused,
    read: refused,
    scan: async function* (options): AsyncGenerator<ObjectBody> {
      for await (const page of memory.list(options)) {
        for (const { ref, kind } of page) if (kind === 'object') yield await memory.read(ref, options)
        options?.signal?.throwIfAborted()
      }
    },
  })
}
