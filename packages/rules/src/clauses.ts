import type { ClauseRef } from '@backproof/core/audit'

/** Clauses by strength, each list in the notation of the audit catalogue: `CP-9; CIS 11.2; A.8.13; A1.2; 308(a)(7)(ii)(D); PCI 12.10.1; GDPR 32(1)(b); DORA 12; NIS2 4.2.2(c)`. */
export type ClauseLists = Readonly<Partial<Record<ClauseRef['strength'], string>>>

/**
 * References to clauses, from short notation. The framework follows from how a clause is written; see `docs/rules/README.md`.
 */
export const clauses = (lists: ClauseLists): readonly ClauseRef[] =>
  Object.entries(lists).flatMap(([strength, list]) =>
    (list ?? '').split(';').map((text) => ({ ...read(text.trim()), strength: strength as ClauseRef['strength'] })),
  )

const read = (text: string): Omit<ClauseRef, 'strength'> => {
  for (const [framework, pattern] of NOTATION) {
    const clause = pattern.exec(text)?.[1]
    if (clause !== undefined) return { framework, clause }
  }
  throw new Error(`${text} is no clause of a framework that is known here`)
}

/** First match wins. */
const NOTATION: readonly (readonly [framework: string, pattern: RegExp])[] = [
  ['nist-800-53', /^([A-Z]{2}-\d+(?:\(\d+\))?)$/],
  ['cis-v8.1', /^CIS (\d+\.\d+)$/],
  ['pci-dss', /^PCI (\d+(?:\.\d+)*)$/],
  ['gdpr', /^GDPR (\d+(?:\([0-9a-z]+\))*)$/],
  ['dora', /^DORA (\d+(?:\([0-9a-z]+\))*)$/],
  ['nis2', /^NIS2 (\d+(?:\.\d+)*(?:\([a-z]\))?)$/],
  ['hipaa', /^(3\d\d(?:\([0-9a-zA-Z]+\))+)$/],
  ['iso-27001', /^(A\.\d+\.\d+)$/],
  ['iso-27001', /^ISO (\d+(?:\.\d+)*)$/],
  ['soc2', /^((?:A1|CC\d|C1|PI1)\.\d+)$/],
]
