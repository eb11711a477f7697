import { createCipheriv } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const LARGE = 64 * 1024 * 1024

/**
 * Writes a directory to race over: `count` files of 4 KiB in 100 folders, `large-0` to `large-3` and `parts-0`, `parts-1` of
 * 64 MiB. Bytes look random, and are the same in every run.
 */
export const makeTree = (root: string, count: number): void => {
  const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16))
  const fill = (bytes: number): Buffer => noise.update(Buffer.alloc(bytes))
  for (let i = 0; i < count; i++) {
    const folder = join(root, String(i % 100).padStart(2, '0'))
    if (i < 100) mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `object-${i}`), fill(4_096))
  }
  for (let i = 0; i < 4; i++) writeFileSync(join(root, `large-${i}`), fill(LARGE))
  for (let i = 0; i < 2; i++) writeFileSync(join(root, `parts-${i}`), fill(LARGE))
}
