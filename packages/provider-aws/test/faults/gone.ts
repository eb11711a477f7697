import { KEYS, type Vault } from '@backproof/test-servers/suites'
import { afterEach, expect, test } from 'vitest'
import type { S3Options, S3Platform } from './support/s3-platform.js'

/** What is gone for reads alone: S3 is asked nothing else then. */
export const goneWhenRead = (vault: () => Vault<S3Options>, { failures }: S3Platform): void => {
  afterEach(() => {
    vault().fault()
  })

  test('bucket, from the second object on: unreadable (not-found), the first matches', async () => {
    vault().fault({ operation: 'GetObject', after: 1, fault: failures.bucketGone })
    const told = await vault().compare('bucket gone when read', { require: 'read', concurrency: 1 })
    const gone = [...vault().files.keys()].map((key) => [key, key === KEYS.first ? 'match' : 'unreadable: not-found'])
    expect(told.keys).toEqual(Object.fromEntries(gone))
    expect(told).toMatchObject({ exit: 1, complete: true, retries: 0 })
    expect(told.message).toMatch(/there is no such bucket\. Check the name vault/)
  })
}
