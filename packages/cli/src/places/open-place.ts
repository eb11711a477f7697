import type { BackupSource } from '@backproof/core/source'
import { optionsFor, optionsForList, type ProviderOption } from './provider-options.js'
import type { Place } from './resolve-place.js'
import type { SourceChoices } from './source-choices.js'

/** Opens a place. Nothing is read before the run asks. */
export const openPlace = async (place: Place, choices: SourceChoices, cwd: string): Promise<BackupSource> => {
  if (place.kind === 'uri')
    return place.provider.descriptor.fromUri(place.uri, {
      cwd,
      options: named(optionsFor(place.uri, choices.providers)),
    })
  if (place.kind === 'inventory') {
    const files = await openPlace(place.files, choices, cwd)
    const options = named(optionsForList(place.list, choices.providers))
    return closingBoth(place.opener.create({ ...options, files, manifest: place.manifest }), files)
  }
  const local = await import('@backproof/provider-local')
  const { path } = place
  switch (place.kind) {
    case 'directory':
      return local.localDirectory({ path, ...choices.directory })
    case 'checksums':
      return local.manifestFile({ path, ...choices.checksums })
    case 'tar':
      return local.tarArchive({ path })
    case 'bag':
      return local.bag({ path, copy: place.copy })[place.part]
    case 'zip':
      return local.zipArchive({ path })
    case 'rclone':
      return local.rcloneList({ ...named(optionsForList('rclone-list', choices.providers)), path })
  }
}

const named = (options: readonly ProviderOption[]): Readonly<Record<string, ProviderOption['value']>> =>
  Object.fromEntries(options.map(({ name, value }) => [name, value]))

/** A list does not close the source of its files. */
const closingBoth = (list: BackupSource, files: BackupSource): BackupSource => ({
  ...list,
  [Symbol.asyncDispose]: async () => {
    await list[Symbol.asyncDispose]?.()
    await files[Symbol.asyncDispose]?.()
  },
})
