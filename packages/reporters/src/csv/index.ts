export { type CsvOptions, csvReporter } from './csv-reporter.js'
