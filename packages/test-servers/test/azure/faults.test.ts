import { expect, test } from 'vitest'
import { failureOf, keyClient, startServer } from './clients.js'

test('faults happen as on our other servers', async () => {
  const server = await startServer()
  server.admin.createContainer({ name: 'c' })
  await server.admin.put('c', 'x', Buffer.alloc(10_000, 'x'))
  const container = keyClient(server).getContainerClient('c')
  const blob = container.getBlobClient('x')
  server.setFault(({ operation, bucket, key }) =>
    operation === 'GetBlob' && bucket === 'c' && key === 'x' ? { status: 503, code: 'ServerBusy' } : undefined,
  )
  expect(await failureOf(blob.download())).toEqual([503, 'ServerBusy'])
  server.setFault(() => ({ expiredToken: true }))
  expect(await failureOf(blob.getProperties())).toEqual([401, 'InvalidAuthenticationInfo'])
  const signed = await fetch(`${server.url}/c/x?${server.sas()}`)
  expect([signed.status, await signed.text()]).toEqual([
    403,
    expect.stringContaining('Signature not valid in the specified time frame'),
  ])
  server.setFault(() => ({ reset: 'before-headers' }))
  expect((await failureOf(blob.getProperties()))[1]).toBe('ECONNRESET')
  server.setFault(() => ({ malformed: true }))
  await expect(container.listBlobsFlat().next()).rejects.toThrow()
  server.setFault(undefined)
  expect(await blob.downloadToBuffer()).toHaveLength(10_000)
  expect(server.requests.log().map((entry) => entry.status)).toEqual([503, 401, 403, 0, 200, 200, 206])
})

test('what cannot be understood is refused', async () => {
  const server = await startServer()
  const code = async (path: string): Promise<unknown> => {
    const response = await fetch(new URL(server.url).origin + path, { headers: { authorization: 'SharedKey x' } })
    await response.arrayBuffer()
    return [response.status, response.headers.get('x-ms-error-code')]
  }
  expect(await code('/%ff/x')).toEqual([400, 'InvalidUri'])
  expect(await code('/other/c/x')).toEqual([400, 'InvalidUri'])
  expect(await code('/backproof/c/x')).toEqual([400, 'InvalidAuthenticationInfo'])
  expect(await code('/backproof/c/x?comp=nonsense')).toEqual([405, 'UnsupportedHttpVerb'])
})
