import { describe, expect, it } from 'vitest'
import { readOnlyPolicy } from '../src/index.js'

const READ = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'
const place = { account: 'shop1', container: 'backups' }

describe('the read-only policy', () => {
  it('permits listing and reading one container, and nothing else', () => {
    const policy = readOnlyPolicy({ ...place, subscription: 'sub', resourceGroup: 'group' })
    expect(policy).toEqual({
      builtInRole: 'Storage Blob Data Reader',
      customRole: {
        Name: 'Backproof reader of shop1/backups',
        IsCustom: true,
        Description: expect.any(String) as string,
        Actions: [],
        DataActions: [READ],
        AssignableScopes: ['/subscriptions/sub/resourceGroups/group'],
      },
      scope:
        '/subscriptions/sub/resourceGroups/group/providers/Microsoft.Storage/storageAccounts/shop1/blobServices/default/containers/backups',
      sas: { resource: 'c', permissions: 'rl' },
    })
  })

  it('reaches only what lies below a prefix, whatever characters it has', () => {
    const { condition } = readOnlyPolicy({ ...place, prefix: "o'clock/" })
    expect(condition).toContain("blobs:path] StringStartsWith 'o''clock/'")
    expect(condition).toContain("blobs:prefix] StringStartsWith 'o''clock/'")
    expect(condition?.split('(').length).toBe(condition?.split(')').length)
  })

  it('grows with what a run does, and never writes', () => {
    const actions = (...features: Parameters<typeof readOnlyPolicy>[0]['features'] & object) =>
      readOnlyPolicy({ ...place, features }).customRole.DataActions
    expect(actions('versions')).toEqual([READ])
    expect(actions('order')).toEqual([READ, 'Microsoft.Storage/storageAccounts/blobServices/getInfo/action'])
    for (const action of actions('compare', 'verify', 'versions', 'preflight')) {
      expect(action).toMatch(/\/(?:read|getInfo\/action)$/)
    }
  })

  it('refuses what would give a policy that does not work', () => {
    for (const options of [
      { ...place, account: '' },
      { ...place, container: '' },
      { ...place, features: ['everything' as 'compare'] },
      { ...place, prefixes: 'x' },
    ]) {
      expect(() => readOnlyPolicy(options)).toThrow(expect.objectContaining({ code: 'invalid-config' }) as Error)
    }
  })
})
