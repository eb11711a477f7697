import { type Front, type Reply, startFront } from '@backproof/test-servers'
import { KEYS, type Vault } from '@backproof/test-servers/suites'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { GcsFaultPlatform, GcsOptions } from './support/gcs-platform.js'

/** What downloads are refused with (plain text), and generations that come and go. */
export const answersOfDownloads = (vault: () => Vault<GcsOptions>, platform: GcsFaultPlatform): void => {
  const { admin } = platform.server
  let front: Front | undefined
  beforeAll(async () => {
    front = await startFront({ target: platform.url, platform: platform.front })
  })
  afterEach(() => vault().fault())
  afterAll(() => front?.close())

  const refused = (status: number, type: string, body: string) => {
    const reply: Reply = { status, headers: { 'content-type': type }, body }
    front!.setIntercept(({ operation, key }, handOn) =>
      operation === 'objects.getMedia' && key === KEYS.plain ? reply : handOn(),
    )
    return vault().compare(`${status} as ${type}`, { require: 'read', at: { url: front!.url } })
  }

  describe('refusals as text', () => {
    for (const [status, body, outcome, words] of [
      [
        403,
        'x does not have storage.objects.get access to the object.',
        'error: access-denied',
        /storage\.objects\.get is missing \("x does/,
      ],
      [
        400,
        'Bucket is a requester pays bucket but no user project provided.',
        'error: access-denied',
        /Give userProject/,
      ],
      [
        400,
        'The target object is encrypted by a customer-supplied encryption key.',
        'error: access-denied',
        /customerKey/,
      ],
      [401, 'Invalid Credentials', 'error: access-denied', /They may have expired/],
      [416, 'Request range not satisfiable', 'error: invalid-config', /range does not lie within the object/],
      [429, 'Too many', 'error: throttled', /asks to slow down/],
      [503, 'Busy', 'error: throttled', /asks to slow down/],
      [500, 'Oops', 'error: unavailable', /the service failed/],
    ] as const) {
      test(`${status} "${body.slice(0, 30)}": ${outcome}`, async () => {
        const told = await refused(status, 'text/html; charset=UTF-8', body)
        expect(told.keys).toEqual({ ...vault().allMatch, [KEYS.plain]: outcome })
        expect(told.message).toMatch(words)
      })
    }

    test('403 as JSON that is cut off: by its status', async () => {
      const told = await refused(403, 'application/json', '{"error": {"code": 403, "mess')
      expect(told.keys).toEqual({ ...vault().allMatch, [KEYS.plain]: 'error: access-denied' })
      expect(told.message).toMatch(/storage\.objects\.get is missing/)
    })
  })

  test('gzip as content encoding, of which the transfer breaks off: unreadable, and no other content', async () => {
    const bytes = Buffer.alloc(50_000, 'compressed, they say')
    admin.createBucket({ name: 'gzipped' })
    await admin.put('gzipped', 'a.gz', bytes, { contentEncoding: 'gzip' })
    vault().fault({ operation: 'objects.getMedia', bucket: 'gzipped', times: 1, fault: { truncate: 1_000 } })
    const at = { bucket: 'gzipped' }
    expect(await vault().verify('gzip', { at })).toMatchObject({ keys: { 'a.gz': 'match' }, exit: 0, retries: 1 })
    vault().fault({ operation: 'objects.getMedia', bucket: 'gzipped', fault: { truncate: 1_000 } })
    const told = await vault().verify('gzip', { at })
    expect(told).toMatchObject({ keys: { 'a.gz': 'unreadable: corrupt' }, exit: 1 })
    expect(told.message).toContain('ended after 1000 of 50000 bytes')
  })

  test('soft-deleted while it is compared: unreadable (not-found)', async () => {
    admin.createBucket({ name: 'kept-for-a-week' })
    await admin.put('kept-for-a-week', 'a', Buffer.from('a'))
    const fault = (): undefined => {
      admin.remove('kept-for-a-week', 'a')
    }
    vault().fault({ operation: 'objects.getMedia', bucket: 'kept-for-a-week', times: 1, fault })
    const told = await vault().verify('soft-deleted', { at: { bucket: 'kept-for-a-week' } })
    expect(told).toMatchObject({ keys: { a: 'unreadable: not-found' }, exit: 1, retries: 0 })
  })

  test('replaced and kept as noncurrent: the generation that was listed is read', async () => {
    admin.createBucket({ name: 'versioned', versioning: true })
    await admin.put('versioned', 'a', Buffer.from('first'))
    const fault = (): { readonly delayMs: number } => {
      void admin.put('versioned', 'a', Buffer.from('second'))
      return { delayMs: 50 }
    }
    vault().fault({ operation: 'objects.getMedia', bucket: 'versioned', times: 1, fault })
    const told = await vault().verify('noncurrent', { at: { bucket: 'versioned' } })
    expect(told).toMatchObject({ keys: { a: 'match' }, exit: 0, retries: 0 })
  })

  test('objects named like folders are objects', async () => {
    admin.createBucket({ name: 'foldery' })
    for (const key of ['f/', 'f/a', 'f//', '/']) await admin.put('foldery', key, Buffer.from(key))
    const told = await vault().verify('folders', { at: { bucket: 'foldery' } })
    expect(told).toMatchObject({ keys: { '/': 'match', 'f/': 'match', 'f//': 'match', 'f/a': 'match' }, exit: 0 })
  })
}
