import { BackupError } from '@backproof/core/errors'
import {
  checkRange,
  clockCheck,
  failedCheck,
  failedRequest,
  folderPrefix,
  keyFields,
  meaningOfNetworkCode,
  optionChecks,
  placeUri,
  readPlaceUri,
  retryAfterMs,
  sendableKey,
  servedSize,
  tryTo,
} from '@backproof/core/object-store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const codeOf = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    return `${(error as BackupError).code}: ${(error as BackupError).message}`
  }
  return 'nothing'
}

describe('URIs', () => {
  const form = { scheme: 'store', name: 'store', example: 'store://place/prefix', host: 'place', provider: 'store' }

  it('name the same place when they are read back', () => {
    const text = fc.string({ minLength: 1, unit: 'binary' }).filter((one) => one.isWellFormed())
    fc.assert(
      fc.property(text, fc.string({ unit: 'binary' }), (host, path) => {
        fc.pre(path.isWellFormed())
        const uri = placeUri('store', { host, path })
        expect(readPlaceUri(uri, form)).toEqual({ host, path })
        // What parses URLs must not take it for another place.
        expect(decodeURIComponent(new URL(uri).pathname)).toBe(path === '' ? '' : `/${path}`)
      }),
    )
  })

  it.each([
    ['other://a', 'does not begin with store://'],
    ['store:///a', 'names no place'],
    ['store://user:secret@a/b', 'has a user'],
    ['store://a/b?sig=secret', 'has a query or a fragment'],
    ['store://a/b#secret', 'has a query or a fragment'],
    ['store://a/%zz', 'has a % that begins no escape'],
  ])('%s is refused, and not shown', (uri, words) => {
    const told = codeOf(() => readPlaceUri(uri, form))
    expect(told).toMatch(/^invalid-config/)
    expect(told).toContain(words)
    expect(told).not.toContain('secret')
  })

  it('name folders', () => {
    expect(['', 'a', 'a/'].map(folderPrefix)).toEqual(['', 'a/', 'a/'])
  })
})

describe('keys', () => {
  it('keep their bytes where they are not UTF-8, and the root has a name', () => {
    expect(keyFields('')).toEqual({ key: '/' })
    expect(keyFields('a')).toEqual({ key: 'a' })
    expect(keyFields('a\udcff')).toEqual({ key: 'a\udcff', keyBytes: Buffer.from([0x61, 0xff]) })
  })

  it('are sent as far as they can be', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (key, most) => {
        const sent = sendableKey(key, most)
        expect(key.startsWith(sent)).toBe(true)
        expect(sent.isWellFormed()).toBe(true)
        expect(Buffer.byteLength(sent)).toBeLessThanOrEqual(most)
      }),
    )
    expect(sendableKey('ab\udc80c', 10)).toBe('ab')
    expect(sendableKey('a\u{1f600}', 4)).toBe('a')
  })
})

describe('ranges', () => {
  const read = { provider: 'store', operation: 'Get', subject: 'k' }

  it.each([
    [{ start: 0, end: 5 }, 5],
    [{ start: 5, end: 5 }, 5],
    [{ start: 2, end: 9 }, undefined],
  ])('%j within %s', (range, size) => {
    expect(() => checkRange(range, size, read)).not.toThrow()
  })

  it.each([
    [{ start: 3, end: 2 }, 5],
    [{ start: -1, end: 2 }, 5],
    [{ start: 0, end: 6 }, 5],
    [{ start: 0.5, end: 2 }, 5],
  ])('%j not within %s', (range, size) => {
    expect(codeOf(() => checkRange(range, size, read))).toMatch(/^invalid-config: The range .* of k\.$/)
  })

  it('must be those that were asked for', () => {
    const range = { start: 2, end: 4 }
    const served =
      (contentRange: string | undefined, length?: number, listed?: number): (() => number) =>
      () =>
        servedSize({ contentRange, length, range, listed }, read)
    expect(served('bytes 2-3/9', 2, 9)()).toBe(9)
    expect(served('bytes 2-3/*', 2, 9)()).toBe(9)
    expect(codeOf(served('bytes 2-3/*', 2))).toMatch(/^corrupt.*does not tell its length/)
    expect(codeOf(served(undefined, 2))).toMatch(/^unsupported/)
    expect(codeOf(served('bytes 2-4/9', 3))).toMatch(/^corrupt.*bytes 2 to 4, not 2 to 3/)
    expect(codeOf(served('bytes 2-3/9', 3))).toMatch(/^corrupt.*3 bytes for that range/)
    expect(codeOf(served('bytes 2-3/9', 2, 10))).toMatch(/^corrupt.*9 bytes; 10 were listed/)
    expect(codeOf(served('bytes 2-2/3', 1))).toMatch(/^invalid-config/)
    expect(
      codeOf(() =>
        servedSize({ contentRange: undefined, length: undefined, range: undefined, listed: undefined }, read),
      ),
    ).toMatch(/^corrupt.*does not tell its length/)
  })
})

describe('what failed', () => {
  it('is told with what to do and how to find it again', () => {
    const failed = {
      provider: 'store',
      operation: 'Get',
      subject: 'k',
      attempted: 'read store://place/k',
      retryAfter: '3',
      cause: new Error('SDK'),
    }
    const meaning = { code: 'throttled', message: 'too much.', fix: 'Wait.' } as const
    const error = failedRequest({ ...failed, meaning, trace: ['Busy', undefined, '', 'HTTP 503'] })
    expect(error).toMatchObject({ code: 'throttled', retryable: true, retryAfterMs: 3_000, operation: 'Get' })
    expect(error.message).toBe('Cannot read store://place/k: too much. Wait. (Busy, HTTP 503)')
    expect(failedRequest({ ...failed, meaning: { code: 'not-found', message: 'gone.' }, trace: [] }).message).toBe(
      'Cannot read store://place/k: gone.',
    )
  })

  it('knows waits of seconds and of dates', () => {
    expect(retryAfterMs('2')).toBe(2_000)
    expect(retryAfterMs(new Date(Date.now() + 60_000).toUTCString())).toBeGreaterThan(50_000)
    expect(retryAfterMs(new Date(0).toUTCString())).toBe(0)
    expect([undefined, 'soon'].map(retryAfterMs)).toEqual([undefined, undefined])
  })

  it.each([
    ['ECONNRESET', 'unavailable', undefined],
    ['ECONNREFUSED', 'unavailable', undefined],
    ['ENOTFOUND', 'unavailable', undefined],
    ['ETIMEDOUT', 'timeout', undefined],
    ['CERT_HAS_EXPIRED', 'unavailable', false],
    ['EPROTO', 'unavailable', false],
  ])('on the way by %s is %s', (code, meaning, retryable) => {
    expect(meaningOfNetworkCode(code, 'host', 'names')).toMatchObject({
      code: meaning,
      ...(retryable === false && { retryable }),
    })
  })

  it('by a code that is none of a network is not known', () => {
    expect(meaningOfNetworkCode('ENOENT', 'host', 'names')).toBeUndefined()
  })

  it('in a check is unknown where it may pass, and a problem where it stays', async () => {
    const error = (code: 'throttled' | 'access-denied'): BackupError => new BackupError({ code, message: 'no' })
    const subject = { id: 'read', title: 'read' }
    expect(failedCheck(subject, error('throttled'))).toMatchObject({ status: 'unknown', fix: 'Try again.' })
    expect(failedCheck(subject, error('access-denied'), 'Allow it.')).toMatchObject({
      status: 'problem',
      fix: 'Allow it.',
    })
    expect(await tryTo({}, () => Promise.resolve(1))).toEqual({ value: 1 })
    expect(await tryTo({}, () => Promise.reject(error('throttled')))).toMatchObject({ error: { code: 'throttled' } })
    await expect(tryTo({}, () => Promise.reject(new TypeError('bug')))).rejects.toThrow('bug')
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(tryTo({ signal }, () => Promise.reject(error('throttled')))).rejects.toThrow('enough')
  })

  it.each([
    [undefined, 'unknown'],
    [100, 'ok'],
    [-6_000, 'notice'],
    [400_000, 'problem'],
  ])('a clock %s ms ahead: %s', (skew, status) => {
    expect(clockCheck(skew, 300_000).status).toBe(status)
  })
})

describe('options', () => {
  const checks = optionChecks('storeSource', 'store')

  it('that are right pass', () => {
    checks.text('region', 'eu', 'a region', /^eu$/)
    checks.boolean('pays', false)
    checks.count('ms', 1, 'milliseconds')
    checks.prefix('a/', 2)
    checks.endpoint('endpoint', 'http://127.0.0.1:1/base', 'https://host')
  })

  it.each<[string, () => void]>([
    ['region is "us"; it must be a region', () => checks.text('region', 'us', 'a region', /^eu$/)],
    ['pays is "yes"; it must be true or false', () => checks.boolean('pays', 'yes')],
    ['ms is 0; it must be milliseconds', () => checks.count('ms', 0, 'milliseconds')],
    ['prefix is "abc"; it must be text of at most 2 bytes', () => checks.prefix('abc', 2)],
    ['prefix is "\\ud800"', () => checks.prefix('\ud800', 20)],
    [
      'endpoint is "ftp://a"; it must be a URL such as https://host',
      () => checks.endpoint('endpoint', 'ftp://a', 'https://host'),
    ],
    [
      'endpoint has a user, a query or a fragment',
      () => checks.endpoint('endpoint', 'https://a:secret@b', 'https://host'),
    ],
  ])('say what is wrong: %s', (words, act) => {
    const told = codeOf(act)
    expect(told).toMatch(/^invalid-config: storeSource: /)
    expect(told).toContain(words)
    expect(told).not.toContain('secret')
  })
})
