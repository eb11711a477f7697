import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { bytesOf, type Content } from './content.js'

/** A directory that holds objects as files, gone at the end. */
export interface Directory extends AsyncDisposable {
  readonly path: string
  write(key: string, bytes: Uint8Array): Promise<void>
}

export const directoryOf = async (contents: readonly Content[]): Promise<Directory> => {
  const path = await mkdtemp(join(tmpdir(), 'backproof-across-'))
  const made = new Set<string>()
  const write = async (key: string, bytes: Uint8Array): Promise<void> => {
    const file = join(path, key)
    const parent = dirname(file)
    if (!made.has(parent)) await mkdir(parent, { recursive: true })
    made.add(parent)
    await writeFile(file, bytes)
  }
  for (const { key, size } of contents) await write(key, bytesOf(key, size))
  return { path, write, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
