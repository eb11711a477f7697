import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Where `import 'name'` leads for a module in `directory`, as a file URL; `undefined` when no `node_modules` on the
 * way up has the package. Node 20 has no stable call for this: `createRequire` does not see the `import` condition.
 * Follows the rules of https://nodejs.org/api/esm.html#resolution-algorithm for the main entry of a package.
 */
export const findImportEntry = (name: string, directory: string): string | undefined => {
  let here = resolve(directory)
  for (;;) {
    const root = join(here, 'node_modules', name)
    const manifest = join(root, 'package.json')
    if (existsSync(manifest)) {
      const entry = mainEntry(JSON.parse(readFileSync(manifest, 'utf8')) as PackageJson)
      return entry === undefined ? undefined : pathToFileURL(join(root, entry)).href
    }
    const parent = dirname(here)
    if (parent === here) return undefined
    here = parent
  }
}

interface PackageJson {
  readonly exports?: unknown
  readonly main?: unknown
}

const CONDITIONS: ReadonlySet<string> = new Set(['node', 'import', 'module-sync', 'default'])

const mainEntry = (manifest: PackageJson): string | undefined => {
  if (manifest.exports === undefined) return typeof manifest.main === 'string' ? manifest.main : 'index.js'
  return target(manifest.exports)
}

const target = (exports: unknown): string | undefined => {
  if (typeof exports === 'string') return exports
  if (typeof exports !== 'object' || exports === null) return undefined
  for (const [name, value] of Object.entries(exports)) {
    if (name !== '.' && !CONDITIONS.has(name)) continue
    const found = target(value)
    if (found !== undefined) return found
  }
  return undefined
}
