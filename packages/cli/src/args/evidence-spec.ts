import type { OptionSpec } from './spec.js'

/** What counts for which keys and how old it may be, and what finding out may cost. */
export const EVIDENCE_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'policy',
    type: 'string',
    multiple: true,
    value: 'GLOB=GRADE[,KIND]',
    help: 'Another --require, --strength or both for keys that match: db/**=read. Repeatable; the first that matches counts.',
  },
  {
    name: 'max-age',
    type: 'string',
    value: 'DURATION',
    help: 'How old a dated list (an inventory) may be: 36h, 7d. What an older one says counts for nothing. Default: any age.',
  },
  {
    name: 'plan',
    type: 'boolean',
    help: 'Only tell what the run would ask, read and cost. Listings are made, which are requests; nothing is read. Exit code 0.',
  },
  {
    name: 'prices',
    type: 'string',
    value: 'FILE',
    help: 'Prices by URI (JSON), before those that providers know.',
  },
]
