import type { BackupSource } from '@backproof/core/source'
import type { LocalChoices } from './local-choices.js'
import type { Place } from './resolve-place.js'

/** Opens a place. Nothing is read before the run asks. */
export const openPlace = async (place: Place, choices: LocalChoices, cwd: string): Promise<BackupSource> => {
  if (place.kind === 'uri') return place.provider.descriptor.fromUri(place.uri, { cwd })
  const { localDirectory, manifestFile } = await import('@backproof/provider-local')
  return place.kind === 'directory'
    ? localDirectory({ path: place.path, ...choices.directory })
    : manifestFile({ path: place.path, ...choices.checksums })
}
