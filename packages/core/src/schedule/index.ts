export { checkSchedule } from './check.js'
export { expectedStarts, largestGap, mergedStarts, type TimeRange } from './starts.js'
export { checkWindow, type WindowSpan, windowAt, windowsBetween } from './window.js'
