import { randomBytes } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import type { Fault, FaultRequest } from '../../http/faults.js'
import { type FaultPlatform, isAbsent } from './platform.js'
import { BUCKET, KEYS, SIZE, type Vault } from './vault.js'

/** What somebody else does to the bucket while a run looks at it. */
export const movingObjects = (vault: () => Vault, platform: FaultPlatform): void => {
  const { asked, words, failures } = platform
  const { read, list } = platform.operations
  const put = (bytes: Uint8Array): void => {
    void platform.put(BUCKET, KEYS.plain, bytes)
  }
  /** Does something when a request arrives, and gives it time to be done. */
  const meanwhile =
    (work: () => void): (() => Fault) =>
    () => {
      work()
      return { delayMs: 50 }
    }
  const removed = (key: string): (() => Fault) => meanwhile(() => void platform.remove(BUCKET, key))

  afterEach(async () => {
    vault().fault()
    for (const key of isAbsent(asked) ? [KEYS.plain] : [KEYS.plain, asked.key])
      await platform.put(BUCKET, key, vault().files.get(key)!)
  })

  test('deleted between listing and read: unreadable (not-found), tried once', async () => {
    vault().fault({ operation: read, key: KEYS.plain, times: 1, fault: removed(KEYS.plain) })
    const told = await vault().compare('deleted before a read', { require: 'read' })
    expect(told.keys).toEqual({ ...vault().allMatch, [KEYS.plain]: 'unreadable: not-found' })
    expect(told).toMatchObject({ exit: 1, complete: true, retries: 0 })
    expect(told.message).toMatch(words.goneObject)
  })

  if (!isAbsent(asked)) {
    test(`deleted between listing and ${asked.operation}: unreadable (not-found), not missing`, async () => {
      vault().fault({ operation: asked.operation, key: asked.key, times: 1, fault: removed(asked.key) })
      const told = await vault().compare('deleted before a look')
      expect(told.keys).toEqual({ ...vault().allMatch, [asked.key]: 'unreadable: not-found' })
      expect(told).toMatchObject({ exit: 1, complete: true, retries: 0 })
    })
  }

  test('replaced by other bytes between listing and read: the new bytes are judged, a mismatch', async () => {
    const replace = meanwhile(() => put(randomBytes(SIZE)))
    vault().fault({ operation: read, key: KEYS.plain, times: 1, fault: replace })
    const told = await vault().compare('replaced before a read', { require: 'read' })
    expect(told.keys).toEqual({ ...vault().allMatch, [KEYS.plain]: 'mismatch' })
    expect(told).toMatchObject({ exit: 1, complete: true, retries: 1 })
  })

  test('replaced between listing and read, by bytes that keep their own digest: fixity matches', async () => {
    const replace = meanwhile(() => put(randomBytes(150_000)))
    vault().fault({ operation: read, key: KEYS.plain, times: 1, fault: replace })
    const told = await vault().verify('replaced before a fixity check')
    expect(told).toMatchObject({ keys: vault().allMatch, exit: 0, complete: true, retries: 1 })
  })

  test('replaced before each read: changed, never a mismatch', async () => {
    const replace = meanwhile(() => put(randomBytes(SIZE)))
    vault().fault({ operation: read, key: KEYS.plain, fault: replace })
    const told = await vault().compare('replaced all the time', { require: 'read' })
    expect(told.keys).toEqual({ ...vault().allMatch, [KEYS.plain]: 'changed: changed' })
    expect(told).toMatchObject({ exit: 3, complete: true })
  })

  test('uploaded again with the same bytes: a match', async () => {
    const again = meanwhile(() => put(vault().files.get(KEYS.plain)!))
    // Where each upload is another version, one that is uploaded before each read is never read.
    vault().fault({ operation: read, key: KEYS.plain, times: platform.uploadsLookAlike ? undefined : 1, fault: again })
    const told = await vault().compare('uploaded again', { require: 'read' })
    expect(told).toMatchObject({ keys: vault().allMatch, exit: 0 })
  })

  test('replaced while its body is read: the bytes of the version that was opened', async () => {
    vault().fault({
      operation: read,
      key: KEYS.plain,
      times: 1,
      fault: () => {
        setTimeout(() => put(randomBytes(SIZE)), 10)
        return { reset: 50_000 }
      },
    })
    const told = await vault().compare('replaced mid-body', { require: 'read' })
    // The first body was cut; the next try finds another object and says so.
    expect(told.keys).toEqual({ ...vault().allMatch, [KEYS.plain]: 'mismatch' })
    expect(told).toMatchObject({ exit: 1, retries: 2 })
  })

  test(`${words.bucket} deleted before its second object is read: unreadable (not-found), the first matches`, async () => {
    let reads = 0
    // Whatever is asked then.
    const fault = ({ operation }: FaultRequest): Fault | undefined => {
      if (operation === read) reads += 1
      return reads > 1 ? failures.bucketGone : undefined
    }
    vault().fault({ fault })
    const told = await vault().compare('bucket deleted', { require: 'read', concurrency: 1 })
    const gone = [...vault().files.keys()].map((key) => [key, key === KEYS.first ? 'match' : 'unreadable: not-found'])
    expect(told.keys).toEqual(Object.fromEntries(gone))
    expect(told).toMatchObject({ exit: 1, complete: true, retries: 0 })
    expect(told.message).toMatch(new RegExp(`there is no such ${words.bucket}\\. Check the name ${BUCKET}`))
  })

  test(`${words.bucket} deleted before it is listed: incomplete (not-found), nothing is missing`, async () => {
    vault().fault({ operation: list, fault: failures.bucketGone })
    const told = await vault().compare('bucket deleted before listing')
    expect(told).toMatchObject({ keys: {}, complete: false, exit: 3, code: 'not-found', retries: 0 })
    const gone = `no such ${words.bucket}.*${failures.bucketGone.code}, HTTP 404, request`
    expect(told.message).toMatch(new RegExp(gone))
  })

  test(`no such ${words.bucket}: nothing starts (not-found)`, async () => {
    const told = await vault().compare('no bucket', { at: { bucket: 'never-made' } })
    expect(told).toMatchObject({ exit: undefined, code: 'not-found' })
    expect(told.message).toMatch(new RegExp(`${platform.uri('never-made')}: there is no such ${words.bucket}`))
  })
}
