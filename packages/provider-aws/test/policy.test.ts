import { describe, expect, it } from 'vitest'
import { readOnlyPolicy } from '../src/index.js'

describe('the read-only policy', () => {
  it('permits listing and reading one bucket, and nothing else', () => {
    expect(readOnlyPolicy({ bucket: 'backups' })).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'BackproofList', Effect: 'Allow', Action: ['s3:ListBucket'], Resource: 'arn:aws:s3:::backups' },
        { Sid: 'BackproofRead', Effect: 'Allow', Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::backups/*' },
      ],
    })
  })

  it('reaches only what lies below a prefix, whatever characters it has', () => {
    const { Statement } = readOnlyPolicy({ bucket: 'backups', prefix: 'a*b$c/' })
    expect(Statement[0]?.Condition).toEqual({ StringEquals: { 's3:prefix': 'a*b$' + '{$}c/' } })
    expect(Statement[1]?.Resource).toBe('arn:aws:s3:::backups/a$' + '{*}b$' + '{$}c/*')
  })

  it('grows with what a run does', () => {
    const actions = (...features: Parameters<typeof readOnlyPolicy>[0]['features'] & object): readonly string[] =>
      readOnlyPolicy({ bucket: 'b-1', features }).Statement.flatMap(({ Action }) => Action)
    expect(actions('compare', 'attributes')).toEqual(['s3:ListBucket', 's3:GetObject', 's3:GetObjectAttributes'])
    expect(actions('versions')).toContain('s3:GetObjectVersion')
    expect(actions('versions', 'attributes')).toContain('s3:GetObjectVersionAttributes')
    expect(actions('retention')).toContain('s3:GetObjectRetention')
    const all = actions('compare', 'verify', 'attributes', 'versions', 'retention', 'preflight')
    for (const action of all) expect(action).toMatch(/^s3:(?:Get|List)/)
  })

  it('permits decryption by one key, through S3 only', () => {
    const kmsKeyArn = 'arn:aws:kms:eu-central-1:123456789012:key/abc'
    const { Statement } = readOnlyPolicy({ bucket: 'backups', features: ['verify', 'kms'], kmsKeyArn })
    expect(Statement.at(-1)).toEqual({
      Sid: 'BackproofKey',
      Effect: 'Allow',
      Action: ['kms:Decrypt'],
      Resource: kmsKeyArn,
      Condition: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } },
    })
  })

  it('knows access points and directory buckets', () => {
    const arn = 'arn:aws:s3:eu-central-1:123456789012:accesspoint/backups'
    expect(readOnlyPolicy({ bucket: arn }).Statement[1]?.Resource).toBe(`${arn}/object/*`)
    expect(readOnlyPolicy({ bucket: 'fast--euc1-az1--x-s3' }).Statement).toHaveLength(1)
  })

  it('refuses what would give a policy that does not work', () => {
    const wrong = [
      { bucket: '' },
      { bucket: 'backups', features: ['everything' as 'compare'] },
      { bucket: 'backups', features: ['kms' as const] },
      { bucket: 'backups', features: ['kms' as const], kmsKeyArn: 'alias/backups' },
      { bucket: 'backups', prefixes: 'x' },
    ]
    for (const options of wrong) {
      expect(() => readOnlyPolicy(options)).toThrow(expect.objectContaining({ code: 'invalid-config' }) as Error)
    }
  })
})
