export { type OcsfOptions, ocsfReporter } from './ocsf-reporter.js'
