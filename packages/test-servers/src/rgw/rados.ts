import { randomUUID } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BackupError, isBackupError } from '@backproof/core/errors'
import { locatorOf } from './layout.js'
import type { Tool } from './tool.js'

/** The pool in which the gateway keeps the bytes of S3 objects, without the gateway. Names are those of rados. */
export interface Rados {
  /** All names, sorted. */
  list(): Promise<string[]>
  get(name: string): Promise<Buffer>
  /** Changes the byte at `offset` (all its bits), leaves size, attributes and the second of the modification time. */
  flip(name: string, offset: number): Promise<void>
  remove(name: string): Promise<void>
}

const POOL = 'default.rgw.buckets.data'

/** The rados commands of a cluster; `scratch` is a folder for passing files. Errors: `not-found`, and `invalid-config` for an offset behind the end. */
export const createRados = (tool: Tool, scratch: string): Rados => {
  const run = (name: string, ...args: string[]): Promise<Buffer> => {
    const locator = locatorOf(name)
    return tool('rados', ['-p', POOL, ...args, ...(locator === undefined ? [] : ['--object-locator', locator])])
  }
  /** Bytes travel by file: names and sizes are then the only things that the command has to get right. */
  const withFile = async <T>(use: (path: string) => Promise<T>): Promise<T> => {
    const path = join(scratch, randomUUID())
    try {
      return await use(path)
    } finally {
      await rm(path, { force: true })
    }
  }
  const get = (name: string): Promise<Buffer> =>
    withFile(async (path) => {
      await run(name, 'get', name, path)
      return await readFile(path)
    })
  return {
    list: async () => {
      try {
        const rows = JSON.parse((await tool('rados', ['-p', POOL, 'ls', '--format', 'json'])).toString('utf8'))
        return (rows as { name: string }[]).map((row) => row.name).sort()
      } catch (error) {
        // The gateway makes the pool with the first object.
        if (isBackupError(error) && error.code === 'not-found') return []
        throw error
      }
    },
    get,
    flip: async (name, offset) => {
      const bytes = await get(name)
      const old = bytes[offset]
      if (old === undefined) {
        throw new BackupError({
          code: 'invalid-config',
          message: `Byte ${offset} of ${name} cannot be changed: it has ${bytes.length} bytes`,
        })
      }
      const stat = (await run(name, 'stat', name)).toString('utf8')
      const modified = Date.parse(/ mtime (\S+?)\+0000, size \d+\s*$/.exec(stat)?.[1]?.concat('Z') ?? '')
      bytes[offset] = old ^ 0xff
      await withFile(async (path) => {
        await writeFile(path, bytes, { mode: 0o600 })
        await run(name, 'put', name, path)
      })
      // The gateway takes Last-Modified from the head object; rot does not touch it.
      await run(name, 'touch', name, String(Math.floor(modified / 1000)))
    },
    remove: async (name) => {
      await run(name, 'rm', name)
    },
  }
}
