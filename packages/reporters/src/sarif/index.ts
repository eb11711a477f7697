export { type SarifOptions, sarifReporter } from './sarif-reporter.js'
