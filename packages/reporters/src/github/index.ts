export { type GithubOptions, githubReporter } from './github-reporter.js'
