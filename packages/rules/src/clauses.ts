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
  const [, prefix = '', clause = text] = /^([A-Z]+2?) (\d[\w.()]*)$/.exec(text) ?? []
  const framework = PREFIXES[prefix] ?? NOTATION.find(([, pattern]) => pattern.test(text))?.[0]
  if (framework === undefined) throw new Error(`${text} is no clause of a framework that is known here`)
  return { framework, clause }
}

/** Written before the clause. */
const PREFIXES: Readonly<Record<string, string>> = {
  CIS: 'cis-v8.1',
  PCI: 'pci-dss',
  GDPR: 'gdpr',
  DORA: 'dora',
  NIS2: 'nis2',
  ISO: 'iso-27001',
}

/** Known by the form of the clause itself. */
const NOTATION: readonly (readonly [framework: string, pattern: RegExp])[] = [
  ['nist-800-53', /^[A-Z]{2}-\d+(\(\d+\))?$/],
  ['hipaa', /^3\d\d(\([0-9a-zA-Z]+\))+$/],
  ['iso-27001', /^A\.\d+\.\d+$/],
  ['soc2', /^(A1|CC\d|C1|PI1)\.\d+$/],
]
