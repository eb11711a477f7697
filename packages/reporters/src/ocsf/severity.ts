import type { Severity } from '@backproof/core/audit'

/** `severity_id` and its caption. */
export const ocsfSeverity = (severity: Severity): { readonly severity_id: number; readonly severity: string } => {
  const [id, caption] = SEVERITY_IDS[severity] ?? [0, 'Unknown']
  return { severity_id: id, severity: caption }
}

const SEVERITY_IDS: Readonly<Record<Severity, readonly [id: number, caption: string]>> = {
  info: [1, 'Informational'],
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
}
