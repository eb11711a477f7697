export { abortable } from './abort.js'
export { type FileChunksOptions, fileChanged, fileChunks, isSameState } from './file-chunks.js'
export { type ErrnoContext, errnoToBackupError, pathText } from './local-errors.js'
export type {
  LocalFileResult,
  LocalJob,
  LocalJobFile,
  LocalJobResult,
  LocalReader,
  LocalReaderOptions,
  LocalReaderTelemetry,
} from './local-jobs.js'
export { checkUnchanged, failure as pinnedFailure, openPinned, statPinned, wrongLength } from './local-pin.js'
export { createLocalReader } from './local-reader.js'
export type { Progress, RetryOptions, RunOptions } from './options.js'
export { type OutputFile, openOutputFile } from './output-file.js'
export { pumped } from './pumped.js'
export { DURATIONS, durationText, parseDuration, parseSize, SIZES } from './quantity.js'
export { type RangeListing, type RangeListingOptions, rangeListing } from './range-listing.js'
export type { RangePage, RangePageRequest } from './range-page.js'
export type { PlannedRun, Run } from './run.js'
export { createSink, type Sink, type SinkOptions } from './sink.js'
export { createSpillStore, type SpillStore } from './spill-store.js'
