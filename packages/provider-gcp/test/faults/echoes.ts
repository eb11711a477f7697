import { type Front, startFront } from '@backproof/test-servers'
import { KEYS, type Vault, writingsOf } from '@backproof/test-servers/suites'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GcsFaultPlatform, GcsOptions } from './support/gcs-platform.js'

/** Services that tell the customer key that they were sent. */
export const echoedKeys = (vault: () => Vault<GcsOptions>, platform: GcsFaultPlatform): void => {
  const customerKey = Buffer.alloc(32, 'sealed with this')
  let front: Front | undefined
  beforeAll(async () => {
    front = await startFront({ target: platform.url, platform: platform.front })
    vault().keepSecret('the customer key that is echoed', customerKey)
    vault().fault()
  })
  afterAll(() => front?.close())

  for (const [name, write] of writingsOf(platform)) {
    test(`403 with a customer key as ${name}: quoted without it`, async () => {
      front!.setIntercept((request, handOn) => {
        if (request.operation !== 'objects.getMedia' || request.key !== KEYS.plain) return handOn()
        return platform.errorReply(403, 'forbidden', `For ${write(request)}`)
      })
      await using source = vault().open({ url: front!.url, own: { customerKey } })
      const error: unknown = await source.read({ key: KEYS.plain, customerKey: true }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      vault().outputs.add('echo of a customer key', error)
      expect(error).toMatchObject({ code: 'access-denied' })
      expect((error as Error).message).toContain('For ')
      expect(vault().leaks()).toEqual([])
    })
  }
}
