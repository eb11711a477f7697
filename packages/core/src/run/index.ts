export { errnoToBackupError } from './local-errors.js'
export type {
  LocalFileResult,
  LocalJob,
  LocalJobFile,
  LocalJobResult,
} from './local-jobs.js'
export { createLocalReader, type LocalReader, type LocalReaderOptions } from './local-reader.js'
export type { Progress, RetryOptions, RunOptions } from './options.js'
export type { Run } from './run.js'
