import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CheckFailure, type Context } from './context.js'

/** Each tarball holds the licence, a README, built files that have a source, sources that were built, and nothing else. */
export const contents = async ({ root, packed }: Context): Promise<string> => {
  const licence = await readFile(join(root, 'LICENSE'), 'utf8')
  for (const { name, folder, files, manifest, version } of packed) {
    for (const required of ['LICENSE', 'README.md', 'package.json']) {
      if (!files.includes(required)) {
        throw new CheckFailure(`The tarball of ${name} has no ${required}.`, `Add ${folder}/${required}.`)
      }
    }
    if ((await readFile(join(root, folder, 'LICENSE'), 'utf8')) !== licence) {
      throw new CheckFailure(`${folder}/LICENSE is not the LICENSE of the repository.`, `cp LICENSE ${folder}/LICENSE`)
    }
    if (manifest.license !== 'Apache-2.0') {
      throw new CheckFailure(`${name} declares the licence ${manifest.license}.`, 'Set "license": "Apache-2.0".')
    }
    if (version !== packed[0]?.version) {
      throw new CheckFailure(
        `${name} is at ${version}, ${packed[0]?.name} at ${packed[0]?.version}.`,
        'All packages have one version; let `npm run release:version` set it.',
      )
    }
    compareBuildWithSources(name, files)
    const stray = files.filter((file) => !/^(dist|src)\/|^(LICENSE|README\.md|CHANGELOG\.md|package\.json)$/.test(file))
    if (stray.length > 0) {
      throw new CheckFailure(
        `The tarball of ${name} holds ${stray.join(', ')}.`,
        `Narrow "files" in ${folder}/package.json.`,
      )
    }
  }
  return `${packed.reduce((sum, one) => sum + one.files.length, 0)} files`
}

const compareBuildWithSources = (name: string, files: readonly string[]): void => {
  const sources = new Set(
    files.filter((file) => file.startsWith('src/') && file.endsWith('.ts')).map((file) => file.slice(4, -3)),
  )
  const built = new Set(
    files
      .filter((file) => /^dist\/.*(\.js|\.d\.ts)$/.test(file))
      .map((file) => file.slice(5).replace(/(\.d\.ts|\.js)$/, '')),
  )
  for (const one of built) {
    if (!sources.has(one)) {
      throw new CheckFailure(
        `The tarball of ${name} holds dist/${one}, which has no source any more.`,
        'Run `npm run clean && npm run build`.',
      )
    }
  }
  for (const one of sources) {
    for (const ending of ['.js', '.d.ts']) {
      if (!files.includes(`dist/${one}${ending}`)) {
        throw new CheckFailure(
          `The tarball of ${name} has no dist/${one}${ending}.`,
          'Run `npm run clean && npm run build`.',
        )
      }
    }
  }
}
