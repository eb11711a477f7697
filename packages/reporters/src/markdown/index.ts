export { type MarkdownOptions, markdownReporter } from './markdown-reporter.js'
