export { checkSchedule } from './check.js'
export { expectedStarts, largestGap, type TimeRange } from './starts.js'
export { checkWindow, type WindowSpan, windowAt, windowsBetween } from './window.js'
