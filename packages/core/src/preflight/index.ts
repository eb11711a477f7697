export { preflight } from './preflight.js'
export type { PreflightOptions, PreflightReport } from './report.js'
