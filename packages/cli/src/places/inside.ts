import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { escapeKey } from '@backproof/core/source'
import { usageError } from '../args/usage-error.js'

/** Refuses an output file below the directory that is read: it would record itself half written, and change the backup. */
export const refuseInside = (path: string, directory: string): void => {
  const file = resolve(path)
  const [place, root] = [real(dirname(file)), real(directory)]
  const prefix = root.endsWith(sep) ? root : `${root}${sep}`
  if (!join(place, basename(file)).startsWith(prefix)) return
  throw usageError(
    `${escapeKey(path)} lies inside of ${escapeKey(directory)}, which is read`,
    'Write it to another place: a backup is not written to, and what lies inside would be listed itself.',
  )
}

/** What is not there says so when it is opened. */
const real = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
