import type { Report, SideName } from '@backproof/core/report'

/** The places of a run, as its rows speak of them. */
export interface ShownParties {
  readonly source: ShownPlace
  readonly replicas: readonly ShownPlace[]
  readonly expected?: ShownPlace | undefined
}

export interface ShownPlace {
  /** A path or URI, free of secrets. */
  readonly given: string
}

/** The places as the result has them: URIs. */
export const partiesOf = ({ result: { source, replicas, expected } }: Report): ShownParties => ({
  source: { given: source.uri },
  replicas: replicas.map(({ uri }) => ({ given: uri })),
  ...(expected !== undefined && { expected: { given: expected.uri } }),
})

/** How a row names a side: A is the source and B, C ... are the replicas, as in `compare A B C`; past Z by number. */
export const sideLetter = (side: SideName, replica: number | undefined): string => {
  if (side === 'expected') return 'the record'
  if (side === 'source') return 'A'
  const index = (replica ?? 0) + 1
  return index < 26 ? String.fromCharCode(0x41 + index) : `replica ${index}`
}
