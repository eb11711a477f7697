import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vitest/config'

/**
 * What sources and tests of this repository import of the packages that `folder/package.json` depends on comes from there:
 * tests with other versions of the SDKs than those of the lock file. Processes that tests start keep those of the lock file.
 */
export const newestSdks = (folder: string): Plugin => {
  // Vite looks from the folder of an importer only if there is such a file.
  const importer = join(folder, 'package.json')
  const { dependencies } = JSON.parse(readFileSync(importer, 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  const names = Object.keys(dependencies)
  return {
    name: 'backproof-newest-sdks',
    enforce: 'pre',
    async resolveId(source, _importer, options) {
      if (!names.some((name) => source === name || source.startsWith(`${name}/`))) return null
      const found = await this.resolve(source, importer, { ...options, skipSelf: true })
      if (found === null) throw new Error(`${source} is not installed in ${folder}`)
      return found
    },
  }
}
