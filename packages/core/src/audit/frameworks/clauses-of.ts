import type { Framework } from './framework.js'

/**
 * Clauses of a framework with what they are about, in the order in which it has them: numbers by their value, `5(2)` before `17`. An
 * object would give those that are whole numbers first.
 */
export const clausesOf = ({ clauses }: Framework): readonly (readonly [clause: string, about: string])[] =>
  Object.entries(clauses).sort(([a], [b]) => compareClauses(a, b))

const compareClauses = (a: string, b: string): number => {
  const [left, right] = [parts(a), parts(b)]
  const at = left.findIndex((part, i) => part !== right[i])
  if (at < 0) return left.length - right.length
  const [one, other] = [left[at] ?? '', right[at]]
  if (other === undefined) return 1
  const numbers = Number(one) - Number(other)
  return Number.isNaN(numbers) ? (one < other ? -1 : 1) : numbers
}

/** Numbers, and what stands between them. */
const parts = (clause: string): readonly string[] => clause.split(/(\d+)/).filter((part) => part !== '')
