import { describe, expect, it } from 'vitest'
import { readOnlyPolicy } from '../src/index.js'

const resource = '//storage.googleapis.com/projects/_/buckets/backups'

describe('the read-only policy', () => {
  it('permits listing and reading one bucket and seeing its settings, and nothing else', () => {
    expect(readOnlyPolicy({ bucket: 'backups', features: ['compare', 'preflight'] })).toEqual({
      customRole: {
        title: 'Backproof reader',
        description: 'Lists and reads backups, and changes nothing.',
        stage: 'GA',
        includedPermissions: ['storage.objects.list', 'storage.objects.get', 'storage.buckets.get'],
      },
      bindings: [{ role: 'custom', resource }],
      builtIn: [
        { role: 'roles/storage.objectViewer', resource },
        { role: 'roles/storage.bucketViewer', resource },
      ],
    })
  })

  it('reaches only what lies below a prefix, whatever characters it has', () => {
    const { customRole, bindings, builtIn } = readOnlyPolicy({
      bucket: 'backups',
      prefix: 'a"b\\c/',
      features: ['versions'],
    })
    const expression =
      'resource.name.startsWith("projects/_/buckets/backups/objects/a\\"b\\\\c/") || api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("a\\"b\\\\c/")'
    expect(bindings[0]?.condition?.expression).toBe(expression)
    expect(builtIn[0]?.condition?.expression).toBe(expression)
    // Settings are no object below the prefix.
    expect(customRole.includedPermissions).toEqual(['storage.objects.list', 'storage.objects.get'])
    expect(bindings[1]).toEqual({ role: 'roles/storage.bucketViewer', resource })
  })

  it('grows with what a run does', () => {
    const permissions = (...features: Parameters<typeof readOnlyPolicy>[0]['features'] & object): readonly string[] =>
      readOnlyPolicy({ bucket: 'backups', features }).customRole.includedPermissions
    expect(permissions('compare', 'verify')).toEqual(['storage.objects.list', 'storage.objects.get'])
    expect(permissions('versions')).toContain('storage.buckets.get')
    for (const permission of permissions('compare', 'verify', 'versions', 'preflight')) {
      expect(permission).toMatch(/^storage\.(?:objects|buckets)\.(?:get|list)$/)
    }
    const pays = readOnlyPolicy({ bucket: 'backups', features: ['compare', 'requester-pays'], userProject: 'payer' })
    expect(pays.bindings.at(-1)).toEqual({
      role: 'roles/serviceusage.serviceUsageConsumer',
      resource: '//cloudresourcemanager.googleapis.com/projects/payer',
    })
  })

  it('refuses what would give a role that does not work', () => {
    const wrong = [
      { bucket: '' },
      { bucket: 'backups', features: ['everything' as 'compare'] },
      { bucket: 'backups', features: ['requester-pays' as const] },
      { bucket: 'backups', prefixes: 'x' },
    ]
    for (const options of wrong) {
      expect(() => readOnlyPolicy(options)).toThrow(expect.objectContaining({ code: 'invalid-config' }) as Error)
    }
  })
})
