/** Rules of the package that speak to no clause of a framework, and why not. */
export const WITHOUT_CLAUSES: Readonly<Record<string, string>> = {
  'policy-meets-framework':
    'it is about all of them: which clause a row is about, and of which framework, depends on the policy, and the row says it',
}
