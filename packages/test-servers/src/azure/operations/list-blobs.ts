import type { Reply } from '../../http/reply.js'
import { countBefore, takePage, walkKeys } from '../../http/walk.js'
import type { ContainerCall } from '../call.js'
import { failure } from '../failure.js'
import { listingOrder, MAX_PAGE_ROWS, namesInOrder, type StoredBlob } from '../store.js'
import { element, xmlDocument } from '../xml.js'
import { blobElement, nameElement, remainingDays } from './blob-element.js'

const INCLUDES = [
  'copy',
  'deleted',
  'deletedwithversions',
  'immutabilitypolicy',
  'legalhold',
  'metadata',
  'permissions',
  'snapshots',
  'tags',
  'uncommittedblobs',
  'versions',
]

/** Where a page begins: at the state number `state` of a name, or at the first name behind it. */
interface Position {
  readonly name: string
  readonly state: number
}

/** A state of a blob, or its newest version for a blob that has versions, but was deleted itself. */
interface Shown {
  readonly blob: StoredBlob
  readonly hasVersionsOnly: boolean
}

type Row = { readonly prefix: string } | (Shown & { readonly position: Position })

/** "List Blobs" in the REST reference. */
export const listBlobs = (call: ContainerCall): Reply => {
  const { query } = call.request
  const get = (name: string): string => query.get(name) ?? ''
  const include = get('include') === '' ? [] : get('include').split(',')
  const delimiter = get('delimiter')
  const max = Math.min(call.state.pageRows, maxResults(query.get('maxresults')))
  if (
    include.some((one) => !INCLUDES.includes(one)) ||
    // "snapshots" and a delimiter together are an error by the reference.
    (include.includes('snapshots') && delimiter !== '')
  )
    throw failure('InvalidQueryParameterValue')
  const from = positionOf(query)
  const { rows, truncated } = takePage(rowsFrom(call, include, delimiter, from), max + 1)
  const page = truncated || rows.length > max ? rows.slice(0, max) : rows
  const next = rows[max]
  const shown = { metadata: include.includes('metadata'), tags: include.includes('tags') }
  const markup = page.map((row) =>
    'prefix' in row
      ? element('BlobPrefix', { markup: nameElement('Name', row.prefix) })
      : blobElement(row.blob, call.state, { ...shown, hasVersionsOnly: row.hasVersionsOnly }),
  )
  const echoed = [
    ['Prefix', 'prefix'],
    ['Marker', 'marker'],
    ['StartFrom', 'startFrom'],
    ['MaxResults', 'maxresults'],
    ['Delimiter', 'delimiter'],
  ].flatMap(([tag, name]) => (query.has(name!) ? [nameElement(tag!, get(name!))] : []))
  const inner = [...echoed, element('Blobs', { markup: markup.join('') }), element('NextMarker', markerOf(next))]
  const attributes = { ServiceEndpoint: `${call.endpoint}/`, ContainerName: call.container.name }
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: xmlDocument(element('EnumerationResults', { markup: inner.join('') }, attributes)),
  }
}

const maxResults = (text: string | undefined): number => {
  if (text === undefined) return MAX_PAGE_ROWS
  if (!/^-?\d{1,9}$/.test(text)) throw failure('InvalidQueryParameterValue')
  if (Number(text) < 1) throw failure('OutOfRangeQueryParameterValue')
  return Number(text)
}

/** Rows in listing order, from a position on. */
function* rowsFrom(
  { container, state, request }: ContainerCall,
  include: readonly string[],
  delimiter: string,
  from: Position | undefined,
): Generator<Row> {
  const order = listingOrder(state.hierarchical)
  const prefix = request.query.get('prefix') ?? ''
  const remaining = ({ deletedAt }: StoredBlob): number =>
    deletedAt === undefined ? 0 : remainingDays(deletedAt, state)
  const shownOf = (name: string): readonly Shown[] => {
    const states = container.blobs.get(name) ?? []
    const shown = states
      .filter((blob) => isVisible(blob, include, remaining(blob) >= 0))
      .map((blob) => ({ blob, hasVersionsOnly: false }))
    if (!include.includes('deletedwithversions') || states.some((one) => one.current)) return shown
    const newest = states.findLast((one) => one.versionId !== undefined && one.snapshot === undefined)
    return newest === undefined ? shown : [...shown, { blob: newest, hasVersionsOnly: true }]
  }
  // Where path components are asked for, a directory is one, and never a row of its own.
  const isFolder = (name: string): boolean =>
    state.hierarchical && delimiter === '/' && container.blobs.get(name)?.at(-1)?.directory === true
  const names = namesInOrder(container, state.hierarchical).map((name) => (isFolder(name) ? `${name}/` : name))
  const start = prefix !== '' && (from === undefined || order(prefix, from.name) > 0) ? prefix : from?.name
  const walk = {
    at: start === undefined ? 0 : countBefore(names, (name) => order(name, start) < 0),
    sorted: true,
    prefix,
    delimiter,
    skipped: undefined,
    visible: (name: string) =>
      container.blobs.has(name) ? shownOf(name).length > 0 : name !== prefix && container.blobs.has(name.slice(0, -1)),
  }
  for (const row of walkKeys(names, walk)) {
    if ('commonPrefix' in row) {
      yield { prefix: row.commonPrefix }
      continue
    }
    const states = shownOf(row.key)
    for (let at = from?.name === row.key ? from.state : 0; at < states.length; at++)
      yield { ...states[at]!, position: { name: row.key, state: at } }
  }
}

const isVisible = (blob: StoredBlob, include: readonly string[], kept: boolean): boolean => {
  if (blob.uncommitted) return include.includes('uncommittedblobs')
  if (blob.deletedAt !== undefined && !(kept && include.includes('deleted'))) return false
  if (blob.snapshot !== undefined) return include.includes('snapshots')
  // A blob that was deleted softly in an account without versions is not current, and has no version either.
  return blob.current || blob.versionId === undefined || include.includes('versions')
}

/** Opaque to clients, and inclusive: the row that it names is the first of the next page. */
const markerOf = (row: Row | undefined): string => {
  if (row === undefined) return ''
  const position = 'prefix' in row ? { name: row.prefix, state: 0 } : row.position
  return `2!${Buffer.from(JSON.stringify([position.name, position.state])).toString('base64')}`
}

const positionOf = (query: ReadonlyMap<string, string>): Position | undefined => {
  const marker = query.get('marker') ?? ''
  const startFrom = query.get('startFrom') ?? ''
  if (marker === '') return startFrom === '' ? undefined : { name: startFrom, state: 0 }
  try {
    const [name, state] = JSON.parse(Buffer.from(marker.replace(/^2!/, ''), 'base64').toString()) as [string, number]
    if (typeof name === 'string' && Number.isInteger(state)) return { name, state }
  } catch {
    // Not one of ours.
  }
  throw failure('InvalidQueryParameterValue')
}
