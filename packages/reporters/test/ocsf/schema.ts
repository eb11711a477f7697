/*
 * What the Open Cybersecurity Schema Framework, version 1.5.0, says of the class Compliance Finding (2003) and of the objects in
 * it, as a JSON Schema: names of attributes, types, enumerations, what is required, and that there is nothing else. Taken from the
 * files of github.com/ocsf/ocsf-schema (`events/findings/finding.json`, `compliance_finding.json`, `objects/*.json`) and from the
 * compiled classes of version 1.5.0 in github.com/mcm/typescript-ocsf (`src/v1_5`). Objects that no event here has are left out:
 * an event with one of them is refused.
 */

type Schema = Readonly<Record<string, unknown>>

const text: Schema = { type: 'string' }
const whole: Schema = { type: 'integer' }
const oneOf = (...values: readonly number[]): Schema => ({ enum: values })
const list = (items: Schema): Schema => ({ type: 'array', items })
const all = (type: Schema, ...names: readonly string[]): Schema => Object.fromEntries(names.map((name) => [name, type]))

const object = (properties: Schema, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

const severityId = oneOf(0, 1, 2, 3, 4, 5, 6, 99)
const keyValue = object({ name: text, value: text, values: list(text) }, ['name'])

const product = object(all(text, 'name', 'uid', 'cpe_name', 'lang', 'path', 'url_string', 'vendor_name', 'version'))

const metadata = object(
  {
    ...all(
      text,
      'correlation_uid',
      'event_code',
      'log_level',
      'log_name',
      'log_provider',
      'log_version',
      'original_time',
    ),
    ...all(text, 'tenant_uid', 'uid', 'version'),
    ...all(list(text), 'debug', 'labels', 'profiles'),
    ...all(whole, 'logged_time', 'modified_time', 'processed_time', 'sequence'),
    tags: list(keyValue),
    product,
  },
  ['product', 'version'],
)

const analytic = object(
  {
    ...all(text, 'name', 'uid', 'algorithm', 'category', 'desc', 'type', 'version'),
    type_id: oneOf(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 99),
  },
  ['type_id'],
)

const findingInfo = object(
  {
    ...all(text, 'desc', 'product_uid', 'src_url', 'title', 'uid', 'uid_alt'),
    ...all(whole, 'created_time', 'first_seen_time', 'last_seen_time', 'modified_time', 'related_events_count'),
    ...all(list(text), 'data_sources', 'types'),
    tags: list(keyValue),
    analytic,
    product,
  },
  ['uid'],
)

const check = object({
  ...all(text, 'desc', 'name', 'uid', 'version', 'status', 'severity'),
  standards: list(text),
  status_id: oneOf(0, 1, 2, 3, 99),
  severity_id: severityId,
})

const compliance = object({
  // `status_detail`, `compliance_references` and `compliance_standards` are deprecated since 1.4 and 1.5.
  ...all(text, 'category', 'control', 'desc', 'status', 'status_code'),
  ...all(list(text), 'requirements', 'standards', 'status_details'),
  checks: list(check),
  control_parameters: list(keyValue),
  status_id: oneOf(1, 2, 3),
})

const remediation = object({ desc: text, ...all(list(text), 'kb_articles', 'references') }, ['desc'])

const resource = {
  ...object({
    ...all(text, 'name', 'uid', 'type', 'uid_alt', 'cloud_partition', 'criticality', 'hostname', 'ip', 'namespace'),
    ...all(text, 'region', 'version', 'zone'),
    ...all(whole, 'created_time', 'modified_time'),
    data: { type: 'object' },
    is_backed_up: { type: 'boolean' },
    labels: list(text),
    tags: list(keyValue),
  }),
  anyOf: [{ required: ['name'] }, { required: ['uid'] }],
}

/** An event of the class Compliance Finding. */
export const complianceFinding: Schema = object(
  {
    ...all(text, 'activity_name', 'category_name', 'class_name', 'comment', 'confidence', 'message', 'raw_data'),
    ...all(text, 'severity', 'status', 'status_code', 'status_detail', 'type_name'),
    ...all(whole, 'confidence_score', 'count', 'duration', 'end_time', 'start_time', 'time', 'timezone_offset'),
    activity_id: oneOf(0, 1, 2, 3, 99),
    category_uid: oneOf(2),
    class_uid: oneOf(2003),
    type_uid: oneOf(200_300, 200_301, 200_302, 200_303, 200_399),
    confidence_id: oneOf(0, 1, 2, 3, 99),
    severity_id: severityId,
    status_id: oneOf(0, 1, 2, 3, 4, 5, 99),
    compliance,
    finding_info: findingInfo,
    metadata,
    remediation,
    resources: list(resource),
  },
  [
    ...['activity_id', 'category_uid', 'class_uid', 'type_uid', 'severity_id', 'time'],
    ...['compliance', 'finding_info', 'metadata'],
  ],
)

/** Captions of enumerations: where an event has an id, the attribute beside it says the same. */
export const CAPTIONS: Readonly<Record<string, readonly [beside: string, captions: Readonly<Record<number, string>>]>> =
  {
    activity_id: ['activity_name', { 1: 'Create', 2: 'Update', 3: 'Close' }],
    severity_id: ['severity', { 1: 'Informational', 2: 'Low', 3: 'Medium', 4: 'High', 5: 'Critical', 6: 'Fatal' }],
    status_id: ['status', { 1: 'New', 2: 'In Progress', 3: 'Suppressed', 4: 'Resolved', 5: 'Archived' }],
  }

export const COMPLIANCE_CAPTIONS: Readonly<Record<number, string>> = { 1: 'Pass', 2: 'Warning', 3: 'Fail' }
