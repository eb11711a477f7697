export { jsonDocument } from './json-document.js'
export { jsonReporter } from './json-reporter.js'
