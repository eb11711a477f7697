import { describe, expect, it } from 'vitest'
import { errorClass } from '../src/error-class.js'

const classOf = (message: string, code?: string): string | undefined => errorClass({ message, code })

describe('the class of an error', () => {
  it('is its code', () => {
    expect(classOf('no answer within 30 s', 'ETIMEDOUT')).toBe('ETIMEDOUT')
    expect(classOf('', 'AccessDenied')).toBe('AccessDenied')
    expect(classOf('whatever', ' Veeam.Job:42 ')).toBe('Veeam.Job:42')
  })

  it('is code and message where the code is a number, or a text', () => {
    expect(classOf('repository is locked', '11')).toBe('11: repository is locked')
    expect(classOf('', '-1')).toBe('-1')
    expect(classOf('gone', 'not a code')).toBe('not a code: gone')
  })

  it.each([
    ['Cannot open "/srv/a b.db": locked', 'cannot open <name>: locked'],
    ["can't open 'x.db' for `root`", "can't open <name> for <name>"],
    ['read /srv/shop/a.db: input/output error', 'read <path>: input/output error'],
    ['C:\\Users\\ann\\x.pst is in use', '<path> is in use'],
    ['GET https://bucket.s3.example/x?X-Amz-Signature=abc failed', 'get <url> failed'],
    ['at 2026-10-05T03:00:01.123Z: 5 of 17 parts failed', 'at <n>: <n> of <n> parts failed'],
    ['request 0b1c2d3e-aaaa-4bbb-8ccc-0123456789ab failed', 'request <id> failed'],
    ['snapshot 4f1e9a77 vanished', 'snapshot <id> vanished'],
    ['job AQICAHh5eXampleXtokenX12345 denied', 'job <id> denied'],
    ['login failed: password=hunter two', 'login failed: password=<secret> two'],
    ['mail to ann@example.com bounced', 'mail to <name> bounced'],
    ['  Too \n many   spaces ', 'too many spaces'],
  ])('makes of %j %j', (message, expected) => {
    expect(classOf(message)).toBe(expected)
  })

  it('is the same for what differs in places, ids, numbers and times only', () => {
    const message = (day: number) =>
      `2026-10-${10 + day} host-${day}: cannot write /backup/${day}/shop (part ${day}, id ${'f00dfee'}${day}): no space left`
    expect(new Set([1, 2, 3, 4].map((day) => classOf(message(day)))).size).toBe(1)
  })

  it('is not the same for what differs in words', () => {
    expect(classOf('no space left on device')).not.toBe(classOf('connection refused'))
  })

  it('is none without an error, or for one that says nothing', () => {
    expect(errorClass(undefined)).toBeUndefined()
    expect(errorClass(null)).toBeUndefined()
    expect(classOf('  ')).toBeUndefined()
    expect(classOf('', '')).toBeUndefined()
  })

  it('is short, and found in no time, whatever the text', () => {
    for (const text of ['a'.repeat(100_000), '/'.repeat(100_000), `"${'\\a/'.repeat(50_000)}`, '1-'.repeat(50_000)])
      expect(classOf(text)?.length).toBeLessThanOrEqual(120)
  })
})
