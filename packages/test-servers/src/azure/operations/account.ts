import type { Reply } from '../../http/reply.js'
import { delegationKey } from '../auth/signed-query.js'
import type { Call, Operation } from '../call.js'
import { failure } from '../failure.js'
import { element, xmlDocument } from '../xml.js'

/** "Get Container Properties" in the REST reference. */
export const getContainerProperties: Operation = ({ container }) => ({
  status: 200,
  headers: {
    etag: `"${container.etag}"`,
    'last-modified': new Date(container.lastModified).toUTCString(),
    'x-ms-lease-status': 'unlocked',
    'x-ms-lease-state': 'available',
    'x-ms-has-immutability-policy': 'false',
    'x-ms-has-legal-hold': 'false',
    'x-ms-immutable-storage-with-versioning-enabled': 'false',
    'x-ms-default-encryption-scope': '$account-encryption-key',
    'x-ms-deny-encryption-scope-override': 'false',
    ...(container.access !== undefined && { 'x-ms-blob-public-access': container.access }),
    ...Object.fromEntries(Object.entries(container.metadata).map(([name, value]) => [`x-ms-meta-${name}`, value])),
  },
})

/** "Get Account Information" in the REST reference. */
export const getAccountInfo = ({ state }: Call): Reply => ({
  status: 200,
  headers: {
    'x-ms-sku-name': 'Standard_LRS',
    'x-ms-account-kind': 'StorageV2',
    'x-ms-is-hns-enabled': String(state.hierarchical),
  },
})

/** "Get Blob Service Properties" in the REST reference. Whether there are versions is told by the management API only. */
export const getBlobServiceProperties = ({ state }: Call): Reply => {
  const days = state.softDeleteDays
  const disabled = { markup: element('Version', '1.0') + element('Enabled', false) + retention(undefined) }
  const inner = [
    element('Logging', {
      markup: ['Version', 'Delete', 'Read', 'Write']
        .map((tag) => element(tag, tag === 'Version' ? '1.0' : false))
        .concat(retention(undefined))
        .join(''),
    }),
    element('HourMetrics', disabled),
    element('MinuteMetrics', disabled),
    element('Cors', ''),
    element('DeleteRetentionPolicy', {
      markup: element('Enabled', days !== undefined) + (days === undefined ? '' : element('Days', days)),
    }),
    element('StaticWebsite', { markup: element('Enabled', false) }),
  ]
  return document('StorageServiceProperties', inner.join(''))
}

const retention = (days: number | undefined): string =>
  element('RetentionPolicy', {
    markup: element('Enabled', days !== undefined) + (days === undefined ? '' : element('Days', days)),
  })

/** "List Containers" in the REST reference, all on one page. */
export const listContainers = ({ state, request, endpoint }: Call): Reply => {
  const prefix = request.query.get('prefix') ?? ''
  const rows = [...state.containers.values()]
    .filter(({ name }) => name.startsWith(prefix))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, etag, lastModified }) => {
      const properties = element('Last-Modified', new Date(lastModified).toUTCString()) + element('Etag', `"${etag}"`)
      return element('Container', { markup: element('Name', name) + element('Properties', { markup: properties }) })
    })
  const inner = element('Containers', { markup: rows.join('') }) + element('NextMarker', '')
  return document('EnumerationResults', inner, { ServiceEndpoint: `${endpoint}/` })
}

/** "Get User Delegation Key" in the REST reference. */
export const getUserDelegationKey = ({ state, request, user, body }: Call): Reply => {
  const time = (tag: string): string => new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(body)?.[1] ?? ''
  const [start, expiry] = [time('Start'), time('Expiry')]
  if (user === undefined || Number.isNaN(Date.parse(expiry))) throw failure('InvalidHeaderValue')
  const version = request.headers.get('x-ms-version') ?? ''
  const fields = [user.objectId, user.tenantId, start, expiry, 'b', version]
  const tags = ['SignedOid', 'SignedTid', 'SignedStart', 'SignedExpiry', 'SignedService', 'SignedVersion']
  const inner = tags.map((tag, at) => element(tag, fields[at]!)).join('')
  return document('UserDelegationKey', inner + element('Value', delegationKey(state.key, fields)))
}

const document = (root: string, markup: string, attributes?: Readonly<Record<string, string>>): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: xmlDocument(element(root, { markup }, attributes)),
})
