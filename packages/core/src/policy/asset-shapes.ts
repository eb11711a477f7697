import { type Asset, type Copy, CRITICALITIES, RESTORE_LEVELS } from '../audit/policy.js'
import type { ManifestAsset } from './manifest-types.js'
import { domainsShape } from './plan-shapes.js'
import { either, list, listed, mapOf, object, optional, required, type Shape, scalar } from './shape.js'
import { choice, flag, from, id, span, text, uri } from './values.js'

const copyText: Shape<Copy> = scalar(uri.expected, uri.schema, (value) =>
  typeof value === 'string' && /^[a-z][a-z0-9+.-]*:\S+$/i.test(value) ? { uri: value } : undefined,
)

const copyMap: Shape<Copy> = object<Copy>('a copy', {
  uri: required(uri, 'As compares and verifications name the place, for example s3://backups/shop/'),
  store: optional(id, 'Id of a store'),
  primary: optional(flag, 'The one that the others are held against. Default: the first'),
})

const copy: Shape<Copy> = either(`${uri.expected}, or a map with uri`, [copyText, copyMap], (node) =>
  node.kind === 'map' ? copyMap : copyText,
)

export const assetShape: Shape<ManifestAsset> = object<ManifestAsset>('an asset', {
  id: required(id, 'What histories and reports name it by'),
  name: optional(text, 'For people'),
  criticality: optional(choice(CRITICALITIES), 'How much depends on it'),
  dataClasses: optional(list(text), 'Classes of data in it, for example personal'),
  owner: optional(text, 'Who answers for it'),
  since: optional(from, 'Since when it has to be backed up'),
  rpo: optional(span, 'Recovery point objective: how much work may be lost, for example 24h'),
  rto: optional(span, 'Recovery time objective: how long a restore may take, for example 4h'),
  plans: listed(list(id), 'Ids of the plans that back it up'),
  retention: optional(id, 'Id of a retention class'),
  copies: listed(list(copy), 'Where its backups are, the primary first'),
  restoreLevel: optional(choice(RESTORE_LEVELS), 'What a restore test has to prove at least'),
  restoreEvery: optional(span, 'How often it has to be restored, for example 31d'),
  production: optional(domainsShape, 'Where it runs: what its backups should not fall together with'),
  escalation: optional(id, 'Id of an escalation path'),
  active: optional(flag, 'false: switched off, and still to be backed up. Default: true'),
  thirdParty: optional(
    object<NonNullable<Asset['thirdParty']>>('a third party', {
      service: required(text, 'Name of the service'),
      attested: optional(from, 'When its operator last attested its backups'),
      exported: optional(flag, 'Whether we keep an export of our own'),
    }),
    'A service of somebody else',
  ),
  tags: optional(mapOf(text), 'Anything else, by name; rules select by tag:NAME'),
})
