import { closeSync, constants, existsSync, openSync } from 'node:fs'
import { kernelPath } from './tree.js'

/** Bytes of the longest path that Linux takes, without the NUL at its end (PATH_MAX in linux/limits.h). */
const PATH_MAX = 4_095

/**
 * Bytes of the longest path from the root that is walked into. A tree of 16 KiB paths takes tens of megabytes to walk,
 * and the need grows with the square: without a limit, a tree made on purpose would take all memory.
 */
export const DEEPEST_PATH = 16_384

// Not in fs.constants; 0o10000000 on every architecture that Node runs on. Like a path, it needs no right to list.
const O_PATH = 0o10000000

/** Whether a path (absolute, one byte a character) is longer than the kernel takes, and can be reached all the same. */
export const isLongPath = (path: string): boolean => process.platform === 'linux' && path.length > PATH_MAX

/**
 * Calls `use` with a path that leads to `path` (absolute, one byte a character) for as long as the call lasts: the path
 * itself, or for a long one the rest of it behind `/proc/self/fd/N` of a directory on the way. Elsewhere than on Linux,
 * and without `/proc`, the kernel refuses a long path, and its ENAMETOOLONG is thrown.
 */
export const reach = <T>(path: string, use: (kernel: string | Buffer) => T): T => {
  if (!isLongPath(path)) return use(kernelPath(path))
  let fd: number | undefined
  let start = ''
  let rest = path
  try {
    while (start.length + rest.length > PATH_MAX) {
      const cut = rest.lastIndexOf('/', PATH_MAX - start.length)
      // A name that is longer than all of a path.
      if (cut <= 0) return use(kernelPath(path))
      const next = openSync(kernelPath(start + rest.slice(0, cut)), O_PATH | constants.O_DIRECTORY)
      if (fd !== undefined) closeSync(fd)
      fd = next
      start = `/proc/self/fd/${fd}/`
      rest = rest.slice(cut + 1)
      // Where /proc is not mounted, what lies below it would seem to be gone.
      if (!existsSync(start)) return use(kernelPath(path))
    }
    return use(kernelPath(start + rest))
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}
