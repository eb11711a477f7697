import { FRAMEWORKS } from '../audit/frameworks/frameworks.js'
import { POLICY_SCHEMA } from '../audit/policy.js'
import { assetShape } from './asset-shapes.js'
import { historiesShape, ruleShape } from './history-shapes.js'
import type { Manifest, ManifestRule } from './manifest-types.js'
import {
  alertShape,
  attestationShape,
  contactShape,
  correctiveActionShape,
  escalationShape,
  personShape,
  reportShape,
  reviewShape,
  trainingShape,
  waiverShape,
} from './people-shapes.js'
import { planShape, retentionShape, storeShape } from './plan-shapes.js'
import { list, listed, mapOf, object, optional, required, type Shape, scalar } from './shape.js'
import { choice, from, text } from './values.js'

const version: Shape<typeof POLICY_SCHEMA> = scalar(POLICY_SCHEMA, { const: POLICY_SCHEMA }, (value) =>
  value === POLICY_SCHEMA ? value : undefined,
)

const framework = choice(FRAMEWORKS.map(({ id }) => id))

/** A rule that is only named is used with its defaults. */
const ruleOrNothing: Shape<ManifestRule> = {
  ...ruleShape,
  schema: { ...ruleShape.schema, type: ['object', 'null'] },
  read: (node, pointer, reading) => {
    if (node.kind !== 'scalar' || node.value !== null) return ruleShape.read(node, pointer, reading)
    const empty = {}
    reading.origins.set(empty, { node, pointer })
    return empty
  },
}

export const manifestShape: Shape<Manifest> = object<Manifest>(
  'the policy',
  {
    $schema: optional(text, 'For editors: where the JSON Schema of this file is'),
    schema: required(version, 'Version of the format'),
    name: optional(text, 'What the policy is called'),
    owner: optional(text, 'Who answers for it'),
    approvedBy: optional(text, 'Who approved it'),
    reviewed: optional(from, 'When it was last reviewed'),
    timezone: optional(
      text,
      'IANA time zone of all schedules and windows of this file that name none, for example Europe/Berlin',
    ),
    extends: listed(list(text), 'Files whose lists are added to those of this one, relative to it'),
    assets: listed(list(assetShape), 'What is backed up'),
    plans: listed(list(planShape), 'Jobs that back it up again and again'),
    stores: listed(list(storeShape), 'Where backups are kept'),
    retention: listed(list(retentionShape), 'How long recovery points are kept'),
    contacts: listed(list(contactShape), 'Who can be reached, and how'),
    escalation: listed(list(escalationShape), 'Who is told, one after the other'),
    alerts: listed(list(alertShape), 'Who is told when a job fails or does not run'),
    people: listed(list(personShape), 'Who has which role'),
    trainings: listed(list(trainingShape), 'Who was taught what'),
    reviews: listed(list(reviewShape), 'What was looked at'),
    attestations: listed(list(attestationShape), 'What somebody vouches for'),
    correctiveActions: listed(list(correctiveActionShape), 'What was found, and is being put right'),
    reports: listed(list(reportShape), 'Reports that somebody gets again and again'),
    frameworks: listed(list(framework), 'Ids of frameworks that have to be satisfied, for example pci-dss'),
    disposal: optional(text, 'How what is past its retention is destroyed'),
    waivers: listed(list(waiverShape), 'Failing rows that are accepted for a time'),
    histories: optional(historiesShape, 'Where the command finds facts'),
    rules: optional(
      mapOf(ruleOrNothing),
      'The rules that are used, by name; left out: those that the command line names, or the preset recommended',
    ),
  },
  { free: /^x-/ },
)

/** JSON Schema (2020-12) of policy manifests, for editors. What it cannot say (references, schedules, files) the loader checks. */
export const policySchema = (): Readonly<Record<string, unknown>> => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:backproof:schema:policy-v1',
  title: 'Backproof policy, version 1',
  description:
    'What an organisation promises about its backups. Names that begin with x- are free: anchors can stand there. Within version 1, members are only added.',
  ...manifestShape.schema,
})
