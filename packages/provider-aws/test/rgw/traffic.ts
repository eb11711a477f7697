import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { s3Source } from '@backproof/provider-aws'
import { describe, expect, it } from 'vitest'
import { bytesOf, evenSizes, MIB, makeBucket, type Place, putParts } from './place.js'

/** Passes connections on to a port of this machine, and counts the bytes that come back. */
const openRelay = async (port: number): Promise<{ readonly url: string; bytes(): number } & AsyncDisposable> => {
  const sockets = new Set<Socket>()
  let bytes = 0
  const server = createServer((inner) => {
    const outer = connect(port, '127.0.0.1')
    outer.on('data', (chunk) => {
      bytes += chunk.length
    })
    inner.pipe(outer).pipe(inner)
    for (const [one, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(one)
      // Either end going away takes the other one with it.
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port: own } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${own}`,
    bytes: () => bytes,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Ceph 16 answers GetObjectAttributes with the object itself. */
export const traffic = (place: () => Place): void => {
  describe('looking at a large object in parts', () => {
    it.each([
      'application/octet-stream',
      'text/xml',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ])('does not fetch it, when its type is %s', async (type) => {
      const here = place()
      const bucket = `looked-at-${type.length}`
      const body = bytesOf(24 * MIB, 1)
      await makeBucket(here, bucket)
      await putParts(here, bucket, 'key', body, evenSizes(body.length, 8 * MIB), type)
      const { url, region, credentials } = here.rgw
      await using relay = await openRelay(Number(new URL(url).port))
      const source = s3Source({ bucket, endpoint: relay.url, region, credentials, profile: 'ceph' })
      const operations: string[] = []
      const onRequest = (operation: string): void => void operations.push(operation)
      for await (const page of source.list()) {
        const info = await source.stat(page[0]!.ref, { want: ['digests'], onRequest })
        expect(info.digests).toEqual([
          { algorithm: 'md5', value: expect.any(String), coverage: { parts: 3 }, provenance: 'service' },
        ])
      }
      await source[Symbol.asyncDispose]?.()
      expect(operations).toContain('GetObjectAttributes')
      // What was on its way before the connection was given up is less than a part.
      expect(relay.bytes()).toBeLessThan(8 * MIB)
    })
  })
}
