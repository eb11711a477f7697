import { bareEtag, customerKey, optionChecks } from '@backproof/core/object-store'
import { describe, expect, it } from 'vitest'

const checks = optionChecks('testSource', 'test')
const bytes = Buffer.alloc(32, 7)

describe("a key of the caller's", () => {
  it('is 32 bytes, or their base64', () => {
    const expected = { base64: bytes.toString('base64') }
    expect(customerKey(checks, bytes)).toEqual(expected)
    expect(customerKey(checks, new Uint8Array(Buffer.concat([bytes, bytes]).buffer, 0, 32))).toHaveProperty('base64')
    expect(customerKey(checks, bytes.toString('base64'))).toEqual(expected)
  })

  it.each([['short'], [Buffer.alloc(31)], [bytes.toString('hex')], [undefined], [{}]])('is not %s', (value) => {
    expect(() => customerKey(checks, value)).toThrow(expect.objectContaining({ code: 'invalid-config' }) as Error)
  })

  it('is not shown', () => {
    expect(() => customerKey(checks, 'my-secret-key')).toThrow(/^(?!.*my-secret-key)testSource: customerKey/)
  })

  it.each([
    ['http://s3.example.org:9000', true],
    ['http://10.0.0.5', true],
    ['https://s3.example.org', false],
    ['http://127.0.0.1:9000', false],
    ['http://bucket.localhost:9000', false],
    ['http://[::1]:9000', false],
    [undefined, false],
  ])('to %s is refused in the clear: %s', (endpoint, refused) => {
    const give = () => customerKey(checks, Buffer.alloc(32, 1), endpoint)
    if (refused) expect(give).toThrow('readable on its way')
    else expect(give).not.toThrow()
  })
})

describe('an ETag', () => {
  it('loses its quotes, where it has some', () => {
    expect(['"0x1"', '0x1'].map(bareEtag)).toEqual(['0x1', '0x1'])
  })
})
