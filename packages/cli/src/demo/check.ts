import type { RunResult } from '@backproof/core/report'
import { compareKeys, escapeKey } from '@backproof/core/source'
import type { Damage } from './damage.js'

/**
 * What is wrong with a report on damage that is known: findings that should be there and are not, and the other way
 * round. Empty when the report names exactly the damage, and counts every other file as a match by reading.
 */
export const faultsOfReport = (result: RunResult, damage: readonly Damage[], files: number): readonly string[] => {
  const wanted = damage.flatMap(({ expected }) => expected).sort((a, b) => compareKeys(a.key, b.key))
  const faults: string[] = []
  for (const one of wanted) {
    const found = result.findings.filter(({ key }) => key === one.key)
    if (found.length !== 1 || found[0]!.outcome !== one.outcome)
      faults.push(
        `${escapeKey(one.key)} should be ${one.outcome}, the report says ${found.map(({ outcome }) => outcome).join(', ') || 'nothing'}`,
      )
    else if (one.firstDifference !== undefined && found[0]!.firstDifference !== one.firstDifference)
      faults.push(
        `${escapeKey(one.key)} differs at offset ${one.firstDifference}, the report says ${found[0]!.firstDifference}`,
      )
  }
  for (const { key, outcome } of result.findings)
    if (!wanted.some((one) => one.key === key))
      faults.push(`${escapeKey(key)} is ${outcome} in the report, and nothing was done to it`)
  const intact = files - wanted.filter(({ outcome }) => outcome !== 'extra').length
  if (result.totals.grades.read !== intact)
    faults.push(`${intact} files are intact, the report proves ${result.totals.grades.read} by reading`)
  if (result.findingsOmitted > 0) faults.push(`the report leaves ${result.findingsOmitted} findings out`)
  if (!result.complete) faults.push('the report is not complete')
  return faults
}
