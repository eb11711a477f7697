import type { KeyPolicy } from '@backproof/core/compare'
import { GRADES } from '@backproof/core/evidence'
import { nearest } from '@backproof/core/source'
import type { Values } from './parse.js'
import { STRENGTHS } from './strengths.js'
import { usageError } from './usage-error.js'
import { texts } from './values.js'

/** What `--policy GLOB=GRADE[,STRENGTH]` says of some of the keys, in the order given: the first that fits a key counts. */
export const keyPolicies = (values: Values): readonly KeyPolicy[] | undefined => {
  const given = texts(values, 'policy')
  return given.length === 0 ? undefined : given.map(policyOf)
}

const policyOf = (given: string): KeyPolicy => {
  // Globs may have the sign in them, grades have not.
  const sign = given.lastIndexOf('=')
  const [keys, words] = [given.slice(0, sign), given.slice(sign + 1).split(',')]
  if (sign < 1)
    throw usageError(
      `--policy ${JSON.stringify(given)} is not GLOB=GRADE`,
      "For example --policy 'db/**=read', or --policy 'db/**=stored,cryptographic'.",
    )
  const require = GRADES.find((grade) => words.includes(grade))
  const strength = STRENGTHS.find((one) => words.includes(one))
  const unknown = words.filter((word) => word !== require && word !== strength)
  if (unknown.length > 0) throw unknownWord(given, unknown[0]!)
  if (words.length > new Set(words).size)
    throw usageError(`--policy ${JSON.stringify(given)} says something twice`, 'Name one grade, and one strength.')
  return { keys, ...(require !== undefined && { require }), ...(strength !== undefined && { strength }) }
}

const unknownWord = (given: string, word: string): Error => {
  const known = [...GRADES, ...STRENGTHS]
  // A second grade is known, and one too many.
  if (known.some((one) => one === word))
    return usageError(
      `--policy ${JSON.stringify(given)} names two of a kind`,
      `Name at most one of ${GRADES.join(', ')}, and one of ${STRENGTHS.join(', ')}.`,
    )
  const near = nearest(word, known)
  return usageError(
    `--policy does not know ${JSON.stringify(word)}`,
    `${near === undefined ? '' : `Did you mean ${near}? `}Known: ${known.join(', ')}.`,
  )
}
