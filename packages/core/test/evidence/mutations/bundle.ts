import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import type { Mutation } from './mutation.js'
import type * as Subject from './subject.js'

export type SubjectModule = typeof Subject

const SOURCES = join(import.meta.dirname, '../../../src')

/** The engine with a mutation, or as it is, as one module in a file of this name. */
export const loadSubject = async (outfile: string, mutation?: Mutation): Promise<SubjectModule> => {
  await build({
    entryPoints: [join(import.meta.dirname, 'subject.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    plugins: [packagesInPlace, ...(mutation === undefined ? [] : [mutating(mutation)])],
  })
  return (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as SubjectModule
}

/** hash-wasm is loaded from where it is: all bundles then share what it compiled. */
const packagesInPlace: Plugin = {
  name: 'packages in place',
  setup: ({ onResolve }) => {
    const { resolve } = createRequire(import.meta.url)
    onResolve({ filter: /^hash-wasm$/ }, ({ path }) => ({ path: pathToFileURL(resolve(path)).href, external: true }))
  },
}

const mutating = ({ file, find, replace }: Mutation): Plugin => ({
  name: 'mutation',
  setup: ({ onLoad }) => {
    const path = join(SOURCES, file)
    const filter = new RegExp(`${path.replace(/[^\w]/g, '\\$&')}$`)
    onLoad({ filter }, async () => ({
      contents: (await readFile(path, 'utf8')).replace(find, () => replace),
      loader: 'ts',
    }))
  },
})

/** How often the text that a mutation replaces stands in its file: once, or it mutates nothing for certain. */
export const timesFound = async ({ file, find }: Mutation): Promise<number> =>
  (await readFile(join(SOURCES, file), 'utf8')).split(find).length - 1
