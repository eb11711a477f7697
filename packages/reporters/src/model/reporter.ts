import type { ReportDocument } from './document.js'

/** Writes one format. Pure: the same document gives the same text, except for what formats say of `telemetry`. */
export interface Reporter {
  /** Name of the format, for example `sarif`. */
  readonly format: string
  readonly mediaType: string
  /** Usual end of a file's name, without dot: `sarif`, `xml`. */
  readonly extension: string
  /** The text, piece by piece: rows are never held at once. */
  readonly render: (document: ReportDocument) => AsyncIterable<string>
}
