export { type HtmlOptions, htmlReporter } from './reporter.js'
