export { ndjsonReporter } from './ndjson-reporter.js'
