export { type ArchiveOptions, tarArchive, zipArchive } from './archive/index.js'
export {
  algorithmFromFileName,
  type Bag,
  type BagOptions,
  bag,
  type ChecksumLineOptions,
  type ChecksumManifestOptions,
  checksumLine,
  checksumManifest,
  type ManifestFileOptions,
  type ManifestFormatName,
  manifestFile,
  type WriteManifestOptions,
  type WrittenFormat,
  type WrittenManifest,
  writeManifest,
} from './manifest/index.js'
export type { LocalDirectoryOptions, SymlinkMode } from './options.js'
export { fileUri, hostPlatform, keyFromPath, type PathPlatform, pathFromFileUri, pathFromKey } from './paths.js'
export { provider } from './provider.js'
export { type RcloneListFormat, type RcloneListOptions, rcloneList } from './rclone/index.js'
export { localDirectory } from './source.js'
