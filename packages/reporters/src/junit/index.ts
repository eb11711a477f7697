export { junitReporter } from './junit-reporter.js'
