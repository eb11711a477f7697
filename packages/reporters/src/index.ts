export type { CapacityDays, JobDay, JobDays, PlaceGrades, ProofGrades, StoreCapacity } from './measures/shapes.js'
export type { AuditDocument, ProofDocument, ReportDocument } from './model/document.js'
export type { Reporter } from './model/reporter.js'
export type { ReportRow } from './model/row.js'
