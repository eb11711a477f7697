import type { BackupSource } from '@backproof/core/source'
import { optionsFor } from './provider-options.js'
import type { Place } from './resolve-place.js'
import type { SourceChoices } from './source-choices.js'

/** Opens a place. Nothing is read before the run asks. */
export const openPlace = async (place: Place, choices: SourceChoices, cwd: string): Promise<BackupSource> => {
  if (place.kind === 'uri') {
    const options = Object.fromEntries(optionsFor(place.uri, choices.providers).map(({ name, value }) => [name, value]))
    return place.provider.descriptor.fromUri(place.uri, { cwd, options })
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
  }
}
