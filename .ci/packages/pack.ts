import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CheckFailure, type Manifest, mustRun, type Packed } from './context.js'

/** Packs every workspace that is not private. */
export const packAll = async (root: string, temp: string): Promise<Packed[]> => {
  const { workspaces } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { workspaces: string[] }
  const destination = join(temp, 'tarballs')
  await mkdir(destination)
  const packed: Packed[] = []
  for (const workspace of workspaces) {
    const folder = join(root, workspace)
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
    if (manifest.private === true) continue
    if (!existsSync(join(folder, 'dist'))) {
      throw new CheckFailure(`${workspace} has no dist folder.`, 'Run `npm run build` first.')
    }
    const { stdout } = await mustRun(
      'npm',
      ['pack', '--json', '--pack-destination', destination],
      folder,
      `Make \`npm pack\` work in ${workspace}.`,
    )
    const [entry] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]
    const { name, version } = manifest
    const files = entry.files.map((file) => file.path)
    packed.push({ name, version, folder: workspace, tarball: join(destination, entry.filename), files, manifest })
  }
  return packed
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
