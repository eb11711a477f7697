/** A fault that is planted in the sources. */
export interface Mutation {
  readonly name: string
  /** Below `src`. */
  readonly file: string
  /** Stands in the file once. */
  readonly find: string
  readonly replace: string
  /** What finds it: the checks of single values, the cells that were worked out by hand, or the hunt for false proofs. */
  readonly by: 'values' | 'table' | 'hunt'
}
