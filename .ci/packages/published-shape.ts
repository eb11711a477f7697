import { join } from 'node:path'
import { type Context, mustRun } from './context.js'

/** publint and "are the types wrong?", on the tarballs themselves. */
export const publishedShape = async ({ root, packed }: Context): Promise<string> => {
  const bin = (name: string): string => join(root, 'node_modules/.bin', name)
  for (const { name, tarball, folder, manifest } of packed) {
    const fix = `Correct "exports", "bin" or "files" in ${folder}/package.json.`
    await mustRun(bin('publint'), ['run', tarball, '--strict'], root, fix)
    // A package that only brings a command has nothing to import.
    if (Object.keys(manifest.exports ?? {}).every((path) => path === './package.json')) continue
    await mustRun(
      bin('attw'),
      [tarball, '--profile', 'esm-only', '--no-emoji', '--no-color', '--format', 'ascii'],
      root,
      `The types of ${name} do not resolve for every consumer. ${fix}`,
    )
  }
  return packed.map((one) => one.name).join(', ')
}
