import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { BackupSource, ProviderContext, ProviderDescriptor } from '@backproof/core/source'
import { escapeKey } from '@backproof/core/source'
import { tarArchive, zipArchive } from './archive/index.js'
import { errnoOf, invalidConfig, PROVIDER, systemError } from './errors.js'
import { algorithmFromFileName } from './manifest/checksum-algorithm.js'
import { type ChecksumManifestOptions, checksumManifest } from './manifest/checksum-manifest.js'
import { type ManifestFileOptions, manifestFile } from './manifest/manifest-file.js'
import type { LocalDirectoryOptions } from './options.js'
import { hostPlatform, pathFromFileUri } from './paths.js'
import { localDirectory } from './source.js'

/**
 * Opens `file:` URIs: a directory with the options of `localDirectory`, or a file known by its name: an archive
 * (`backup.tar.gz`, `backup.zip`), a manifest of ours (`backup.manifest`) with the options of `manifestFile`, or a checksum
 * file (`SHA256SUMS`, `backup.sha256`) with those of `checksumManifest`.
 */
export const provider: ProviderDescriptor = Object.freeze({
  specVersion: 'v1',
  name: PROVIDER,
  schemes: Object.freeze(['file']),
  fromUri: (uri: string, context: ProviderContext = {}): Promise<BackupSource> => openUri(uri, context),
})

const openUri = async (uri: string, { options = {} }: ProviderContext): Promise<BackupSource> => {
  const path = pathFromFileUri(uri, hostPlatform())
  if (!(await isFile(path))) return localDirectory({ ...(options as Omit<LocalDirectoryOptions, 'path'>), path })
  const name = basename(path).toLowerCase()
  if (/\.(?:tar|tar\.gz|tgz|tar\.zst|tzst)$/.test(name)) return tarArchive({ ...(options as object), path })
  if (name.endsWith('.zip')) return zipArchive({ ...(options as object), path })
  if (name.endsWith('.manifest')) return manifestFile({ ...(options as Omit<ManifestFileOptions, 'path'>), path })
  if (algorithmFromFileName(basename(path)) === undefined) {
    throw invalidConfig(
      `${escapeKey(path)} is a file; give the directory it lies in. Archives and manifests are known by their names: backup.tar.gz, backup.zip, backup.manifest, SHA256SUMS, backup.sha256, ...`,
      path,
    )
  }
  return checksumManifest({ ...(options as Omit<ChecksumManifestOptions, 'path'>), path })
}

/** What is not there, or cannot be looked at, is told by `describe` of the source. */
const isFile = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isFile()
  } catch (error) {
    if (errnoOf(error) === undefined) throw systemError(error, 'open', path)
    return false
  }
}
