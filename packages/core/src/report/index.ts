export {
  type AuditHeader,
  type AuditNdjsonWriter,
  type AuditRow,
  auditFindingLine,
  auditNdjsonEnd,
  auditNdjsonHeader,
  createAuditNdjsonWriter,
  readAuditNdjson,
} from './audit-ndjson.js'
export { describeLost, summarizeAudit } from './audit-summary.js'
export * from './common.js'
