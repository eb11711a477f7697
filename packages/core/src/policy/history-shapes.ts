import { SEVERITIES } from '../audit/verdict.js'
import type { ManifestDisk, ManifestFile, ManifestHistories, ManifestPlace, ManifestRule } from './manifest-types.js'
import { either, has, list, listed, mapOf, object, optional, required, type Shape } from './shape.js'
import { choice, id, plain, text } from './values.js'

const file: Shape<ManifestFile> = object<ManifestFile>('a file', {
  file: required(text, 'Path of the file, relative to this one'),
})

const place: Shape<ManifestPlace> = object<ManifestPlace>('a place with recovery points', {
  source: required(text, 'URI or path of the place, a path relative to this file'),
  pattern: required(text, 'What keys look like, with the date of the recovery point'),
  asset: optional(id, 'Id of the asset, where the pattern does not tell it'),
  store: optional(id, 'Id of the store'),
  timezone: optional(text, 'IANA time zone of the dates in keys. Default: UTC'),
  complete: optional(
    text,
    'Name of the object that is written last into a recovery point: one without it is not complete. Default: nobody can say',
  ),
  others: optional(choice(['error', 'ignore']), 'Keys that the pattern does not match. Default: error'),
})

const disk: Shape<ManifestDisk> = object<ManifestDisk>('a disk', {
  path: required(text, 'A path on the file system, relative to this file'),
  store: required(id, 'Id of the store that it is'),
})

const points: Shape<ManifestFile | ManifestPlace> = either<ManifestFile | ManifestPlace>(
  'a map with file, or with source and pattern',
  [file, place],
  (node) => (has(node, 'file') ? file : place),
)
const samples: Shape<ManifestFile | ManifestDisk> = either<ManifestFile | ManifestDisk>(
  'a map with file, or with path and store',
  [file, disk],
  (node) => (has(node, 'file') ? file : disk),
)

export const historiesShape: Shape<ManifestHistories> = object<ManifestHistories>('the histories', {
  jobs: listed(list(file), 'Runs of backup jobs, JSON lines'),
  recoveryPoints: listed(list(points), 'Recovery points: JSON lines, or a place whose keys tell of them'),
  drills: listed(list(file), 'Restore tests, JSON lines'),
  capacity: listed(list(samples), 'How full stores are: JSON lines, or a file system that is asked'),
  reports: listed(list(file), 'Reports of compare and verify, and of earlier audits: JSON or NDJSON'),
})

type OptionValue = string | number | boolean
const values: Shape<OptionValue | readonly OptionValue[]> = either<OptionValue | readonly OptionValue[]>(
  `${plain.expected}, or a list of these`,
  [plain, list(plain)],
  (node) => (node.kind === 'list' ? list(plain) : plain),
)

export const ruleShape: Shape<ManifestRule> = object<ManifestRule>('the use of a rule', {
  rule: optional(id, 'Id of the rule, where the name is another. Needed to use a rule twice'),
  options: optional(mapOf(values), 'Options of the rule; what is left out has its default'),
  severity: optional(choice(SEVERITIES), 'Instead of the severity of the rule'),
  select: optional(
    object<NonNullable<ManifestRule['select']>>('a select', {
      ids: optional(list(text), 'Ids of targets, with * for any characters'),
      attributes: optional(mapOf(values), 'By attribute: one of the values'),
    }),
    'The targets that it is asked about. Default: all',
  ),
})
