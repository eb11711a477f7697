export type { ArchiveOptions } from './archive-options.js'
export { tarArchive } from './tar.js'
export { zipArchive } from './zip.js'
