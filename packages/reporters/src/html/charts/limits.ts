import type { AuditResult } from '@backproof/core/audit'

/** The number that a rule of the run was asked with; where the run did not ask it, the rule's default. */
export const limitOf = (result: AuditResult, rule: string, option: string, fallback: number): number => {
  const value = result.rules.find(({ id }) => id === rule)?.options[option]
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback
}
