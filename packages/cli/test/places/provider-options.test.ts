import { describe, expect, it } from 'vitest'
import { optionsFor, parseProviderOptions } from '../../src/places/provider-options.js'

describe('--with', () => {
  it.each([
    ['profile=ceph', { name: 'profile', value: 'ceph' }],
    ['requesterPays=true', { name: 'requesterPays', value: true }],
    ['listConcurrency=8', { name: 'listConcurrency', value: 8 }],
    ['expectedBucketOwner=0123456789', { name: 'expectedBucketOwner', value: '0123456789' }],
    ['s3:endpoint=http://127.0.0.1:9000', { scheme: 's3', name: 'endpoint', value: 'http://127.0.0.1:9000' }],
    ['customerKey=env:KEY', { name: 'customerKey', value: 'secret', variable: 'KEY' }],
  ])('reads %s', (given, expected) => {
    expect(parseProviderOptions([given], { KEY: 'secret' })).toEqual([expected])
  })

  it('refuses what is no pair, and shows no value', () => {
    const refusal = (given: string): string => {
      try {
        parseProviderOptions([given], {})
        return 'taken'
      } catch (error) {
        return (error as Error).message
      }
    }
    for (const given of ['profile', '=ceph', 'profile=', 'a b=c']) expect(refusal(given)).toContain('is not NAME=VALUE')
    expect(refusal('bad name=topsecret')).not.toContain('topsecret')
    expect(refusal('customerKey=env:NOPE')).toContain('NOPE')
  })

  it('is for all places, or for those of one scheme', () => {
    const given = parseProviderOptions(['a=1', 's3:b=2', 'gs:c=3'], {})
    expect(optionsFor('S3://bucket', given).map(({ name }) => name)).toEqual(['a', 'b'])
  })
})
