import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Writes files below a directory, with the directories that they need. */
export const writeFiles = async (
  directory: string,
  files: Iterable<readonly [string, Uint8Array]> | Readonly<Record<string, Uint8Array>>,
): Promise<void> => {
  await mkdir(directory, { recursive: true })
  for (const [key, bytes] of Symbol.iterator in files ? files : Object.entries(files)) {
    await mkdir(dirname(join(directory, key)), { recursive: true })
    await writeFile(join(directory, key), bytes)
  }
}
