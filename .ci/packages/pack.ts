import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CheckFailure, type Manifest, mustRun, type Packed } from './context.js'

/** Packs every workspace that is not private. */
export const packAll = async (root: string, temp: string): Promise<Packed[]> => {
  const { workspaces } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { workspaces: string[] }
  const destination = join(temp, 'tarballs')
  await mkdir(destination)
  const all = await Promise.all(
    workspaces.map(async (folder) => {
      const manifest = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')) as Manifest
      return { folder, manifest }
    }),
  )
  const published = all.filter(({ manifest }) => manifest.private !== true)
  for (const { folder } of published)
    if (!existsSync(join(root, folder, 'dist')))
      throw new CheckFailure(`${folder} has no dist folder.`, 'Run `npm run build` first.')
  const { stdout } = await mustRun(
    'npm',
    ['pack', '--json', '--pack-destination', destination, ...published.map(({ folder }) => `--workspace=${folder}`)],
    root,
    'Make `npm pack` work in every package.',
  )
  const entries = JSON.parse(stdout) as { name: string; filename: string; files: { path: string }[] }[]
  return published.map(({ folder, manifest }) => {
    const { name, version } = manifest
    const entry = entries.find((one) => one.name === name)
    if (entry === undefined) throw new CheckFailure(`npm packed no ${name}.`, 'Look at what `npm pack` says.')
    const files = entry.files.map((file) => file.path)
    return { name, version, folder, tarball: join(destination, entry.filename), files, manifest }
  })
}

/** A project outside the repository that depends on all tarballs, as a user's would. */
export const installAll = async (packed: readonly Packed[], temp: string, root: string): Promise<string> => {
  const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>
  }
  const examples = JSON.parse(await readFile(join(root, 'examples/package.json'), 'utf8')) as Manifest
  const ours = new Set(packed.map((one) => one.name))
  const ofExamples = Object.entries(examples.dependencies ?? {}).filter(([name]) => !ours.has(name))
  const project = join(temp, 'project')
  await mkdir(project)
  const dependencies = Object.fromEntries(packed.map((one) => [one.name, `file:${one.tarball}`]))
  await writeFile(
    join(project, 'package.json'),
    JSON.stringify({
      name: 'consumer',
      private: true,
      type: 'module',
      dependencies,
      // Declarations name types of Node: a consumer that compiles has them. The examples are compiled there too.
      devDependencies: { '@types/node': devDependencies['@types/node'], ...Object.fromEntries(ofExamples) },
      // The packages name each other by version, and that version may not be published yet.
      overrides: Object.fromEntries(packed.map((one) => [one.name, `$${one.name}`])),
    }),
  )
  await mustRun(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'],
    project,
    'The tarballs have to install together: look at the dependencies and versions in packages/*/package.json.',
  )
  return project
}
