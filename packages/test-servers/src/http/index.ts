export type { Fault, FaultFunction, FaultRequest } from './faults.js'
export type { RequestCounters, RequestLogEntry } from './requests.js'
export type { TestServer } from './server.js'
