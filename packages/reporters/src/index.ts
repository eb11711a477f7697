export { type CsvOptions, csvReporter } from './csv/index.js'
export { type GithubOptions, githubReporter } from './github/index.js'
export { type HtmlOptions, htmlReporter } from './html/index.js'
export { type JsonOptions, jsonDocument, jsonReporter } from './json/index.js'
export { junitReporter } from './junit/index.js'
export { type MarkdownOptions, markdownReporter } from './markdown/index.js'
export {
  type CapacityDays,
  type JobDay,
  type JobDays,
  type PlaceGrades,
  type ProofGrades,
  reportMeasures,
  type StoreCapacity,
} from './measures/index.js'
export * from './model/index.js'
export { ndjsonReporter } from './ndjson/index.js'
export { type OcsfOptions, ocsfReporter } from './ocsf/index.js'
export { BEGINNING, FORMATS, type ReporterOptions, type ReportFormat, reporterOf } from './reporters.js'
export { codeScanningReporter, type SarifOptions, sarifReporter } from './sarif/index.js'
export { type TerminalOptions, terminalReporter } from './terminal/index.js'
