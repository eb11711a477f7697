import { BackupError } from '../errors.js'
import { ROOT_KEY } from './keys.js'
import type { ListedRow, Listing } from './listing.js'

export interface RootPlaceOptions<Row extends ListedRow> {
  readonly listing: Listing
  /** In the order of the service, which lists the object named like the prefix first: its name is a part of all others. */
  readonly pages: AsyncIterable<readonly Row[]>
  /** Order of the keys of the listing. */
  readonly compare: (a: string, b: string) => number
  /** Rows of that object, where the listing begins behind it. */
  readonly roots?: readonly Row[] | undefined
}

/**
 * The same pages, with the object that is named like the prefix where its key `/` belongs: behind `!` and `-`.
 *
 * @throws BackupError `unsupported` when there is an object with the key `/` as well.
 */
export async function* rootInPlace<Row extends ListedRow>({
  listing,
  pages,
  compare,
  roots = [],
}: RootPlaceOptions<Row>): AsyncGenerator<readonly Row[], void, void> {
  let waiting = roots
  for await (const rows of pages) {
    const isRoot = rows[0]?.key === ''
    if (isRoot) waiting = [...waiting, ...rows.filter(({ key }) => key === '')]
    const others = isRoot ? rows.filter(({ key }) => key !== '') : rows
    const place = waiting.length === 0 ? -1 : others.findIndex(({ key }) => compare(key, ROOT_KEY) >= 0)
    if (place === -1) {
      if (others.length > 0) yield others
      continue
    }
    if (others[place]!.key === ROOT_KEY) throw ambiguous(listing)
    yield [...others.slice(0, place), ...waiting, ...others.slice(place)]
    waiting = []
  }
  if (waiting.length > 0) yield waiting
}

const ambiguous = ({ provider, uri }: Listing): Error =>
  new BackupError({
    code: 'unsupported',
    message: `${uri} holds an object named like the prefix itself, and one named "/" below it; the two cannot be told apart. Open a shorter prefix.`,
    provider,
    operation: 'list',
    subject: uri,
  })
