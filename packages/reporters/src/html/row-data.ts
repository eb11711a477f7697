import { escapeKey } from '@backproof/core/source'
import type { ReportRow } from '../model/row.js'
import { scriptJson, visible } from './markup.js'
import { type PackedRow, type PackedText, type PageRow, SEVERITY_NAMES, STANDINGS, type Standing } from './page-data.js'

/** A row as the page shows it. */
export const pageRow = (row: ReportRow): PageRow => {
  const { target, location, waiver } = row
  const name = escapeKey(target.name ?? target.id)
  return {
    standing: STANDINGS.indexOf(standingOf(row)),
    severity: SEVERITY_NAMES.indexOf(row.severity),
    rule: escapeKey(row.rule),
    title: visible(row.title),
    kind: escapeKey(target.kind),
    name,
    id: target.name === undefined ? '' : escapeKey(target.id),
    subject: escapeKey(row.subject ?? ''),
    message: escapeKey(row.message),
    text: visible(row.text),
    action: visible(row.action ?? ''),
    waiver: visible(waiver === undefined ? '' : waiverLine(waiver)),
    place: location === undefined ? '' : `${escapeKey(location.file)}:${location.line}`,
    fingerprint: row.fingerprint,
    evidence: row.evidence.map(visible),
    omitted: row.evidenceOmitted,
  }
}

/** Where a row stands. A status of a newer version says nothing that is known here. */
export const standingOf = ({ status, waiver }: ReportRow): Standing => {
  if (status === 'fail' && waiver !== undefined) return 'waived'
  return STANDINGS.includes(status) ? status : 'unknown'
}

const waiverLine = ({
  id,
  approver,
  expires,
  reason,
  ticket,
  compensatingControl,
}: NonNullable<ReportRow['waiver']>): string =>
  [
    `until ${expires} by ${approver}: ${reason} (waiver ${id}${ticket === undefined ? '' : `, ${ticket}`})`,
    ...(compensatingControl === undefined ? [] : [`instead: ${compensatingControl}`]),
  ].join('; ')

/** Texts that are written once, however many rows have them. */
const MOST_TEXTS = 10_000

/** Packs rows for the page's script, in pieces that parse on their own, one after the other. */
export const createRowPacker = (): ((rows: readonly PageRow[]) => string) => {
  const known = new Map<string, number>()
  return (rows) => {
    const texts: string[] = []
    const pack = (text: string): PackedText => {
      const index = known.get(text)
      if (index !== undefined) return index
      if (known.size >= MOST_TEXTS || text === '') return text
      texts.push(text)
      known.set(text, known.size)
      return known.size - 1
    }
    const packed = rows.map(
      (row): PackedRow => [
        row.standing,
        row.severity,
        pack(row.rule),
        pack(row.title),
        pack(row.kind),
        row.name,
        row.id,
        pack(row.subject),
        pack(row.message),
        row.text,
        pack(row.action),
        row.waiver,
        row.place,
        row.fingerprint,
        row.evidence,
        row.omitted,
      ],
    )
    return scriptJson({ texts, rows: packed })
  }
}
