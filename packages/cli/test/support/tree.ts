import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach } from 'vitest'

const made: string[] = []

afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true })
})

/** A new directory, removed after the test. */
export const temporaryDirectory = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'backproof-cli-test-'))
  made.push(path)
  return path
}

/** Writes files below `root`: path to content. */
export const writeTree = (root: string, files: Readonly<Record<string, string | Uint8Array>>): string => {
  mkdirSync(root, { recursive: true })
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

export interface Pair {
  readonly root: string
  readonly a: string
  readonly b: string
}

/** Two equal directories `a` and `b`. */
export const twoTrees = (files: Readonly<Record<string, string | Uint8Array>>): Pair => {
  const root = temporaryDirectory()
  return { root, a: writeTree(join(root, 'a'), files), b: writeTree(join(root, 'b'), files) }
}
