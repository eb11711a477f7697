export { jsonDocument } from './json-document.js'
export { type JsonOptions, jsonReporter, reportJson } from './json-reporter.js'
