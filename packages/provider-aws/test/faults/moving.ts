import { randomBytes } from 'node:crypto'
import type { Fault } from '@backproof/test-servers'
import { afterEach, expect, test } from 'vitest'
import { BUCKET, KEYS, type Vault } from './support/vault.js'

const allMatch = Object.fromEntries(Object.values(KEYS).map((key) => [key, 'match']))
const GONE: Fault = { status: 404, code: 'NoSuchBucket', message: 'The specified bucket does not exist' }

/** What somebody else does to the bucket while a run looks at it. */
export const movingObjects = (vault: () => Vault): void => {
  const put = (key: string, bytes: Uint8Array): void => {
    void vault().server.admin.put(BUCKET, key, bytes)
  }
  /** Does something when a request arrives, and gives it time to be done. */
  const meanwhile =
    (work: () => void): (() => Fault) =>
    () => {
      work()
      return { delayMs: 20 }
    }

  afterEach(async () => {
    vault().fault()
    const { admin } = vault().server
    await admin.put(BUCKET, KEYS.plain, vault().files.get(KEYS.plain)!)
    await admin.put(BUCKET, KEYS.kms, vault().files.get(KEYS.kms)!, { sse: 'aws:kms' })
  })

  test('deleted between listing and read: unreadable (not-found), tried once', async () => {
    const remove = meanwhile(() => vault().server.admin.remove(BUCKET, KEYS.plain))
    vault().fault({ operation: 'GetObject', key: KEYS.plain, times: 1, fault: remove })
    const told = await vault().compare('deleted before a read', { require: 'read' })
    expect(told.keys).toEqual({ ...allMatch, [KEYS.plain]: 'unreadable: not-found' })
    expect(told).toMatchObject({ exit: 1, complete: true, retries: 0 })
    expect(told.message).toMatch(/s3:\/\/vault\/d\/plain: there is no such object \(any more\)\..*NoSuchKey, HTTP 404/)
  })

  test('deleted between listing and HeadObject: unreadable (not-found), not missing', async () => {
    const remove = meanwhile(() => vault().server.admin.remove(BUCKET, KEYS.kms))
    vault().fault({ operation: 'HeadObject', key: KEYS.kms, times: 1, fault: remove })
    const told = await vault().compare('deleted before a look')
    expect(told.keys).toEqual({ ...allMatch, [KEYS.kms]: 'unreadable: not-found' })
    expect(told).toMatchObject({ exit: 1, complete: true, retries: 0 })
  })

  test('replaced by other bytes between listing and read: the new bytes are judged, a mismatch', async () => {
    const replace = meanwhile(() => put(KEYS.plain, randomBytes(200_000)))
    vault().fault({ operation: 'GetObject', key: KEYS.plain, times: 1, fault: replace })
    const told = await vault().compare('replaced before a read', { require: 'read' })
    expect(told.keys).toEqual({ ...allMatch, [KEYS.plain]: 'mismatch' })
    expect(told).toMatchObject({ exit: 1, complete: true, retries: 1 })
  })

  test('replaced between listing and read, by bytes that keep their own digest: fixity matches', async () => {
    const replace = meanwhile(() => put(KEYS.plain, randomBytes(150_000)))
    vault().fault({ operation: 'GetObject', key: KEYS.plain, times: 1, fault: replace })
    const told = await vault().verify('replaced before a fixity check')
    expect(told).toMatchObject({ keys: allMatch, exit: 0, complete: true, retries: 1 })
  })

  test('replaced before each read: changed, never a mismatch', async () => {
    const replace = meanwhile(() => put(KEYS.plain, randomBytes(200_000)))
    vault().fault({ operation: 'GetObject', key: KEYS.plain, fault: replace })
    const told = await vault().compare('replaced all the time', { require: 'read' })
    expect(told.keys).toEqual({ ...allMatch, [KEYS.plain]: 'changed: changed' })
    expect(told).toMatchObject({ exit: 3, complete: true })
  })

  test('uploaded again with the same bytes: a match', async () => {
    const again = meanwhile(() => put(KEYS.plain, vault().files.get(KEYS.plain)!))
    vault().fault({ operation: 'GetObject', key: KEYS.plain, fault: again })
    expect(await vault().compare('uploaded again', { require: 'read' })).toMatchObject({ keys: allMatch, exit: 0 })
  })

  test('replaced while its body is read: the bytes of the version that was opened', async () => {
    vault().fault({
      operation: 'GetObject',
      key: KEYS.plain,
      times: 1,
      fault: () => {
        setTimeout(() => put(KEYS.plain, randomBytes(200_000)), 10)
        return { reset: 50_000 }
      },
    })
    const told = await vault().compare('replaced mid-body', { require: 'read' })
    // The first body was cut; the next try finds another object and says so.
    expect(told.keys).toEqual({ ...allMatch, [KEYS.plain]: 'mismatch' })
    expect(told).toMatchObject({ exit: 1, retries: 2 })
  })

  test('bucket deleted before its second object is read: unreadable (not-found), the first matches', async () => {
    vault().fault({ operation: 'GetObject', after: 1, fault: GONE })
    const told = await vault().compare('bucket deleted', { require: 'read', concurrency: 1 })
    const gone = Object.values(KEYS).map((key) => [key, key === KEYS.first ? 'match' : 'unreadable: not-found'])
    expect(told.keys).toEqual(Object.fromEntries(gone))
    expect(told).toMatchObject({ exit: 1, complete: true, retries: 0 })
    expect(told.message).toMatch(/there is no such bucket\. Check the name vault/)
  })

  test('bucket deleted before it is listed: incomplete (not-found), nothing is missing', async () => {
    vault().fault({ operation: 'ListObjectsV2', fault: GONE })
    const told = await vault().compare('bucket deleted before listing')
    expect(told).toMatchObject({ keys: {}, complete: false, exit: 3, code: 'not-found', retries: 0 })
    expect(told.message).toMatch(/no such bucket.*NoSuchBucket, HTTP 404, request/)
  })

  test('no such bucket: nothing starts (not-found)', async () => {
    const told = await vault().compare('no bucket', { s3: { bucket: 'never-made' } })
    expect(told).toMatchObject({ exit: undefined, code: 'not-found' })
    expect(told.message).toMatch(/s3:\/\/never-made: there is no such bucket/)
  })
}
