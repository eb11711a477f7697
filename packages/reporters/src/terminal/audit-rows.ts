import type { AuditFinding, Severity } from '@backproof/core/audit'
import { escapeKey } from '@backproof/core/source'
import { evidenceLine } from '../model/audit-row.js'
import { COLUMNS } from '../text/columns.js'
import { formatCount } from '../text/numbers.js'
import { oneLine } from '../text/one-line.js'
import type { Colour, Style } from '../text/style.js'
import { pad } from '../text/width.js'

/** Pieces of evidence that are shown of rows which say the same. */
const EVIDENCE = 3
export const MARK_COLUMNS: number = 'unknown'.length
const SEVERITY_COLUMNS = 'critical'.length
export const INDENT: string = ' '.repeat(MARK_COLUMNS + 2)
/** What is left of a line after its indent. */
export const TEXT_COLUMNS: number = COLUMNS - INDENT.length

const COLOURS: Readonly<Record<string, Colour>> = { fail: 'red', waived: 'dim' }
const SEVERITY_COLOURS: Readonly<Partial<Record<Severity, Colour>>> = { critical: 'red', high: 'red' }

/**
 * Rows of an audit for people, in their order but for two things: those of one rule and severity stand together, and those of them that say
 * the same of several targets, failures for the same evidence, say it once, under a line for each.
 */
export const auditRows = (rows: readonly AuditFinding[], style: Style): readonly string[] => {
  const blocks = groupsOf(rows, ({ rule, severity }) => [severity, rule]).flatMap((some) =>
    groupsOf(some, (row) => [row.status, row.text, row.action, row.waiver?.id, ownEvidence(row)]),
  )
  return blocks.flatMap((block, i) => {
    const action = block[0]?.action
    // Blocks that share what to do name it once, after the last of them.
    const shown = action !== undefined && action !== blocks[i + 1]?.[0]?.action
    return [...blockLines(block, style), ...(shown ? [style('dim', `${INDENT}do: ${oneLine(action)}`)] : [])]
  })
}

/** What a failure rests on stays with it: evidence of another target explains nothing. */
const ownEvidence = ({ status, evidence }: AuditFinding): unknown => (status === 'fail' ? evidence : undefined)

/** Rows of which `key` says the same, in the order of the first of each. */
const groupsOf = (
  rows: readonly AuditFinding[],
  key: (row: AuditFinding) => readonly unknown[],
): readonly (readonly AuditFinding[])[] => {
  const groups = new Map<string, AuditFinding[]>()
  for (const row of rows) {
    const name = JSON.stringify(key(row))
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [row])
    else group.push(row)
  }
  return [...groups.values()]
}

const blockLines = (rows: readonly AuditFinding[], style: Style): readonly string[] => {
  const [first] = rows
  if (first === undefined) return []
  const evidence = rows.flatMap((row) => (row.evidence ?? []).map((one) => oneLine(evidenceLine(one))))
  const shown = [...new Set(evidence)].slice(0, EVIDENCE)
  const omitted = rows.reduce((sum, row) => sum + (row.evidenceOmitted ?? 0), 0)
  const hidden = evidence.filter((line) => !shown.includes(line)).length + omitted
  return [
    ...rows.map((row) => titleLine(row, style)),
    `${INDENT}${oneLine(first.text)}`,
    ...shown.map((line) => style('dim', `${INDENT}${line}`)),
    ...(hidden > 0 && evidence.length > 0 ? [style('dim', `${INDENT}… and ${formatCount(hidden)} more`)] : []),
    ...(first.waiver === undefined ? [] : [`${INDENT}${oneLine(waiverLine(first.waiver))}`]),
  ]
}

const titleLine = ({ status, severity, rule, target, subject, waiver }: AuditFinding, style: Style): string => {
  const mark = waiver === undefined ? status : 'waived'
  const { declaredAt } = target
  const place = declaredAt === undefined ? '' : ` (${escapeKey(declaredAt.file)}:${declaredAt.line})`
  const name = target.kind === 'estate' ? 'estate' : `${escapeKey(target.kind)} ${escapeKey(target.name ?? target.id)}`
  const part = subject === undefined ? '' : `, ${escapeKey(subject)}`
  const marked = style(COLOURS[mark] ?? 'yellow', pad(mark, MARK_COLUMNS))
  const weight = style(SEVERITY_COLOURS[severity] ?? 'dim', pad(severity, SEVERITY_COLUMNS))
  return `${marked}  ${weight}  ${escapeKey(rule)}  ${style('bold', name + part)}${place}`
}

const waiverLine = ({ id, approver, expires, reason, ticket }: NonNullable<AuditFinding['waiver']>): string =>
  `accepted until ${expires} by ${approver}: ${reason} (waiver ${id}${ticket === undefined ? '' : `, ${ticket}`})`
