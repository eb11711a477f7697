import { createRequire } from 'node:module'

/** What formats call the tool that made a report. */
export const PRODUCT = 'Backproof'

/** The version of this package: all packages of Backproof have the same. `undefined` where a bundle has left its manifest behind. */
export const productVersion = (): string | undefined => {
  try {
    const manifest = createRequire(import.meta.url)('@backproof/reporters/package.json') as { readonly version: string }
    return manifest.version
  } catch {
    return undefined
  }
}
