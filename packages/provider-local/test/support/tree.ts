import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BackupSource, JsonValue, ListOptions, ObjectEntry, ReadOptions } from '@backproof/core/source'
import { onTestFinished } from 'vitest'

/** A directory that is gone when the test has ended. */
export const tempDirectory = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'backproof-local-test-'))
  // rm: names can be too long or too strange for fs.rmSync.
  onTestFinished(() => void execFileSync('rm', ['-rf', path]))
  return path
}

/** The bytes of a name below a directory, one byte a character. */
export const below = (root: string, name: string): Buffer =>
  Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, 'latin1')])

/** Writes files whose names are given with one byte a character, with their directories. */
export const writeTree = (root: string, files: Readonly<Record<string, string>>): void => {
  for (const [name, content] of Object.entries(files)) {
    const slash = name.lastIndexOf('/')
    if (slash > 0) mkdirSync(below(root, name.slice(0, slash)), { recursive: true })
    writeFileSync(below(root, name), content)
  }
}

/** UTF-8 text with one byte a character. */
export const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

export const listAll = async (source: BackupSource, options?: ListOptions): Promise<ObjectEntry[]> => {
  const entries: ObjectEntry[] = []
  for await (const page of source.list(options)) entries.push(...page)
  return entries
}

export const keysOf = async (source: BackupSource, options?: ListOptions): Promise<string[]> =>
  (await listAll(source, options)).map(({ key }) => key)

export const entryFor = async (source: BackupSource, key: string): Promise<ObjectEntry> => {
  const entry = (await listAll(source)).find((candidate) => candidate.key === key)
  if (entry === undefined) throw new Error(`the listing does not hold ${key}`)
  return entry
}

export const readAll = async (source: BackupSource, ref: JsonValue, options?: ReadOptions): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of (await source.read(ref, options)).body) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** What the open descriptors of this process that lie below a directory point to. */
export const openBelow = (root: string): string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`)
      return target.startsWith(root) ? [target] : []
    } catch {
      return [] // the descriptor of readdirSync itself
    }
  })

/** The order that `find -print0 | LC_ALL=C sort -z` gives: full paths as bytes. One byte a character. */
export const findFiles = (root: string): string[] => {
  const output = execFileSync('sh', ['-c', 'find . -type f -print0 | LC_ALL=C sort -z'], { cwd: root })
  return output
    .toString('latin1')
    .split('\0')
    .slice(0, -1)
    .map((path) => path.slice(2))
}
