import type { ObjectInfo } from '@backproof/core/source'
import { s3Source } from '@backproof/provider-aws'
import { startS3Server } from '@backproof/test-servers'
import { afterAll, expect, it } from 'vitest'

const server = await startS3Server()
afterAll(() => server.close())
server.admin.createBucket({ name: 'bucket' })

/** What `stat` tells when the sizes of the parts are wanted for certain. */
const statOf = async (key: string, partSizes: readonly number[]): Promise<ObjectInfo> => {
  const bytes = Buffer.alloc(
    partSizes.reduce((sum, size) => sum + size, 0),
    'backproof ',
  )
  await server.admin.put('bucket', key, bytes, { partSizes, checksum: 'none' })
  const { url: endpoint, region, credentials } = server
  const source = s3Source({ bucket: 'bucket', endpoint, region, credentials, profile: 'aws' })
  server.requests.reset()
  const info = await source.stat({ key }, { want: ['digests', 'part-sizes'] })
  await source[Symbol.asyncDispose]?.()
  return info
}

it('asks for every part where no rows tell them, and then the sizes are certain', async () => {
  const sizes = Array.from({ length: 21 }, (_, i) => 1_000 - 7 * i)
  const { digests } = await statOf('many', sizes)
  expect(digests?.[0]?.coverage).toEqual({ parts: 21, sizes })
  expect(server.requests.counts()).toEqual({ HeadObject: 1 + 21, GetObjectAttributes: 1 })
})

it('asks for one part where that decides', async () => {
  const { digests } = await statOf('two', [1_000, 3_000])
  expect(digests?.[0]?.coverage).toEqual({ parts: 2, sizes: [1_000, 3_000] })
  expect(server.requests.counts()).toEqual({ HeadObject: 2, GetObjectAttributes: 1 })
})

it('takes no answer for a size where one fails', async () => {
  const slow = { status: 503, code: 'SlowDown' }
  server.setFault(({ operation, count }) => (operation === 'HeadObject' && count === 4 ? slow : undefined))
  await expect(statOf('slow', [500, 1_000, 200])).rejects.toMatchObject({ code: 'throttled', operation: 'HeadObject' })
  server.setFault(undefined)
})
