export { codeScanningReporter, type SarifOptions, sarifReporter } from './sarif-reporter.js'
