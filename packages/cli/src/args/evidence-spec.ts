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
  {
    name: 'budget',
    type: 'string',
    value: 'LIMITS',
    help: 'What the run may spend: bytes=10GB,requests=100000,money=5,seconds=1h, or some of these. What would cost more stays unproven (exit code 3). Default: no limit.',
  },
  {
    name: 'read-ceiling',
    type: 'string',
    value: 'SIZE|none',
    help: 'How much may be read of each place that charges. Default 100GB, of classes that charge for retrieval 10GB.',
  },
]

/** Some of the objects instead of all. */
export const SAMPLE_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'sample',
    type: 'string',
    value: 'AMOUNT',
    help: 'Prove a sample, and say what that tells of the rest: 1% or 1000 objects, 10GB of bytes, or part 3/7. Default: everything.',
  },
  {
    name: 'sample-by',
    type: 'string',
    value: 'WHAT',
    help: 'objects (default): each as likely as any other. bytes: the larger, the likelier.',
  },
  {
    name: 'seed',
    type: 'string',
    value: 'TEXT',
    help: 'Decides what is taken: another one takes another sample. Default: backproof.',
  },
  {
    name: 'confidence',
    type: 'string',
    value: 'SHARE',
    help: 'How sure the bound of what may be corrupt is. Default 0.95.',
  },
]
