import type { ReadBack } from '../support/read-back.js'

/** What each outcome is, as this page of counts has it; written down anew, not taken from the code. */
const STATUSES: Readonly<Record<string, string>> = {
  match: 'pass',
  mismatch: 'fail',
  missing: 'fail',
  extra: 'fail',
  unreadable: 'fail',
  changed: 'unknown',
  unverifiable: 'unknown',
  'extra (allowed)': 'not-applicable',
}

/** What the text says: counts from its line of totals, the verdict from its last line. */
export const terminalSays = (text: string): ReadBack => {
  const lines = text.trimEnd().split('\n')
  const totals = lines.findLast((line) => /^[\d,]+ [a-z-]+( \(([\d,]+ waived|allowed)\))?( · |$)/.test(line)) ?? ''
  const statuses: Record<string, number> = {}
  let waived = 0
  for (const part of totals.split(' · ')) {
    const [, count = '', name = '', accepted = '0'] =
      /^([\d,]+) ([a-z-]+(?: \(allowed\))?)(?: \(([\d,]+) waived\))?$/.exec(part) ?? []
    const status = STATUSES[name] ?? name
    if (Number(count) > 0) statuses[status] = (statuses[status] ?? 0) + Number(count.replaceAll(',', ''))
    waived += Number(accepted.replaceAll(',', ''))
  }
  return { statuses, waived, exitCode: exitCodeOf(lines.at(-1)!, (statuses['fail'] ?? 0) - waived) }
}

/** A sentence says whether all is proven; whether something failed, the counts. */
export const exitCodeOf = (sentence: string, failing: number): number =>
  sentence.startsWith('Proven') ? 0 : sentence.startsWith('NOT proven') ? (failing > 0 ? 1 : 3) : Number.NaN
