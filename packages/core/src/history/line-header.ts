import type { HistoryToken, HistoryTraits } from '../audit/history.js'
import { BackupError } from '../errors.js'
import { choice, flag, type Members, required, text, time } from './member.js'
import { type Refuse, rowReader } from './row.js'

/** Version of the format of history files. Within v1, members are only added. */
export const HISTORY_SCHEMA = 'backproof.history/v1'

/** What the first line may say of all that follow. Times are milliseconds since 1970. */
export interface HistoryHeader {
  readonly schema: string
  /** Name of the history: `job.runs`. */
  readonly history: string
  /** Default `none`. */
  readonly order?: HistoryTraits['order'] | null | undefined
  /** From when on it tells everything. Default: from the beginning. */
  readonly from?: number | null | undefined
  /** Until when. Default: until it is read. */
  readonly asOf?: number | null | undefined
  /** Items are missing, and nobody knows which. Default false. */
  readonly partial?: boolean | null | undefined
}

/** The header, member by member: for reading, writing, schema and docs. */
export const headerMembers: Members<HistoryHeader> = {
  schema: required(text(`\`${HISTORY_SCHEMA}\``)),
  history: required(text('what the lines are: `job.runs`, `recovery.points`, `restore.drills`, `capacity.samples`')),
  order: choice(
    '`target-time`: by asset (or store) in the order of its bytes, then time, then id; `none`: in any order, which is the default',
    ['target-time', 'none'],
  ),
  from: time('from when on the file tells everything; default: from the beginning'),
  asOf: time('until when it tells everything; default: until it is read'),
  partial: flag('items are missing, and nobody knows which'),
}

/** Whether a parsed line is a header, not an item. */
export const isHeader = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'schema')

/**
 * @throws BackupError `unsupported` for another version, `invalid-config` for a header that is wrong, or of another history.
 */
export const readHeader = (value: unknown, history: HistoryToken<unknown>, refuse: Refuse): HistoryHeader => {
  const { schema } = value as { readonly schema: unknown }
  if (typeof schema === 'string' && schema !== HISTORY_SCHEMA) {
    const { message, subject } = refuse(
      `has the schema ${JSON.stringify(schema)}; this version reads ${HISTORY_SCHEMA}`,
    )
    throw new BackupError({ code: 'unsupported', message, subject, operation: 'read' })
  }
  const header = rowReader(headerMembers, refuse)(value)
  if (header.history !== history.name) {
    throw refuse(`says that the file holds ${JSON.stringify(header.history)}, but ${history.name} are read from it`)
  }
  return header
}
