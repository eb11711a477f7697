import type { Grade } from '../../../src/evidence/evidence.js'
import { type Content, createContent } from './content.js'
import { createPlaces, type Place } from './places.js'
import { type Cell, type Deciders, proveCell } from './prove-cell.js'

/** What the table is over. `size` would prove nothing of bytes and is left out. */
export const REQUIRED = ['stored', 'read', 'claimed'] as const satisfies readonly Grade[]

export type Required = (typeof REQUIRED)[number]

export interface Table {
  readonly places: readonly Place[]
  /** Source, replica, what is required. */
  readonly at: (source: Place, replica: Place, require: Required) => Cell
}

/** Every pair of places, both ways round, for every grade that may be required. */
export const createTable = async (engine: Deciders): Promise<Table> => {
  const content: Content = createContent()
  const places = await createPlaces(content)
  const cells = new Map<Place, Map<Place, Map<Required, Cell>>>()
  for (const source of places) {
    const row = new Map<Place, Map<Required, Cell>>()
    cells.set(source, row)
    for (const replica of places) {
      const cell = new Map<Required, Cell>()
      row.set(replica, cell)
      for (const require of REQUIRED) cell.set(require, await proveCell(engine, content, [source, replica], require))
    }
  }
  return { places, at: (source, replica, require) => cells.get(source)!.get(replica)!.get(require)! }
}

export const placeNamed = (places: readonly Place[], name: string): Place => {
  const place = places.find((one) => one.name === name)
  if (place === undefined) throw new Error(`The table has no place ${name}.`)
  return place
}

/** A cell in words, short enough to be expected by hand. */
export const inWords = (cell: Cell): string => {
  const { method, algorithm, grade, read, reason, asked } = cell
  const questions = asked[0] + asked[1] === 0 ? '' : `, asked ${asked.join('/')}`
  if (method === 'none') return `none: ${reason}${questions}`
  return `${proofInWords(method, algorithm, read)}${questions} = ${grade}`
}

const proofInWords = (method: string, algorithm: string | undefined, read: Cell['read']): string => {
  if (read.length === 2) return 'read both'
  if (read.length === 1) return `read ${read[0] === 'reference' ? 'source' : 'replica'} for ${algorithm}`
  if (method === 'one-sided-read' || method === 'two-sided-read') return `${algorithm} of the archive`
  return method === 'derived-digest' ? `${algorithm} from parts` : `${algorithm}`
}
