import type { Vault } from '@backproof/test-servers/suites'
import { expect, test } from 'vitest'
import type { AzureOptions, AzurePlatform } from './support/azure-platform.js'

const ROWS = 750

/** Listings of all versions that break off: of the last name nobody knows whether it has more. */
export const versionListings = (vault: () => Vault<AzureOptions>, azure: AzurePlatform): void => {
  const bucket = 'side-good'
  const names = Array.from({ length: ROWS }, (_, i) => `${10_000 + i}`)

  const listed = async (where: string): Promise<readonly [readonly string[], unknown]> => {
    await using source = vault().open({ bucket })
    const keys: string[] = []
    try {
      for await (const page of source.list({ versions: true })) keys.push(...page.map(({ key }) => key))
      return [keys, undefined]
    } catch (error) {
      vault().outputs.add(where, error)
      return [keys, error]
    }
  }

  test('no fault: all', async () => {
    vault().fault()
    expect(await listed('versions')).toEqual([names, undefined])
  })

  test('the second page fails: an error, after what came before and is known in full', async () => {
    vault().fault({ operation: 'ListBlobs', bucket, after: 1, fault: azure.failures.failed })
    const [keys, error] = await listed('second page of versions')
    expect(error).toMatchObject({ code: 'unavailable', operation: 'ListBlobs', retryable: true })
    expect(keys).toEqual(names.slice(0, azure.listings.pageRows - 1))
  })
}
