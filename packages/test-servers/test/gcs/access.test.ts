import { describe, expect, test } from 'vitest'
import { type ErrorDocument, json, O, send, startServer, storageOf } from './clients.js'

const errorOf = async (answer: Promise<Response>) => {
  const { status, body } = await json<ErrorDocument>(answer)
  return { status, ...body.error?.errors[0] }
}

describe('who may', () => {
  test('nobody and wrong tokens get 401, a token that expired too', async () => {
    const server = await startServer()
    const nobody = await send(server, O, { user: undefined })
    expect(nobody.status).toBe(401)
    expect(nobody.headers.get('www-authenticate')).toBe('Bearer realm="https://accounts.google.com/"')
    expect(await nobody.json()).toMatchObject({
      error: {
        code: 401,
        message:
          "Anonymous caller does not have storage.objects.list access to the Google Cloud Storage bucket. Permission 'storage.objects.list' denied on resource (or it may not exist).",
        errors: [{ reason: 'required', locationType: 'header', location: 'Authorization' }],
      },
    })
    const headers = { authorization: 'Bearer wrong' }
    const wrong = await send(server, O, { user: undefined, headers })
    expect(wrong.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect(await wrong.json()).toMatchObject({ error: { code: 401, errors: [{ reason: 'authError' }] } })
    const user = server.addUser({
      allow: [{ permissions: ['*'] }],
      expiresAt: new Date(Date.now() + 60_000),
    })
    expect((await send(server, O, { user })).status).toBe(200)
    server.clockOffsetMs = 61_000
    expect((await send(server, O, { user })).status).toBe(401)
  })

  test('an account may what it is allowed, and messages name it', async () => {
    const server = await startServer()
    await server.admin.put('bucket', 'in/a', Buffer.from('a'))
    await server.admin.put('bucket', 'out/a', Buffer.from('a'))
    const user = server.addUser({
      email: 'reader@test-project.iam.gserviceaccount.com',
      allow: [{ permissions: ['storage.objects.get'], resources: ['bucket/in/*'] }],
    })
    expect((await send(server, `${O}/in%2Fa`, { user })).status).toBe(200)
    const denied = await send(server, `${O}/out%2Fa?alt=media`, { user })
    expect(denied.status).toBe(403)
    expect(await denied.text()).toBe(
      "reader@test-project.iam.gserviceaccount.com does not have storage.objects.get access to the Google Cloud Storage object. Permission 'storage.objects.get' denied on resource (or it may not exist).",
    )
    expect(await errorOf(send(server, O, { user }))).toMatchObject({ status: 403, reason: 'forbidden' })
    // What is not there is told only to who may list.
    expect(await errorOf(send(server, `${O}/in%2Fnone`, { user }))).toMatchObject({ status: 403, reason: 'forbidden' })
    const post = { method: 'POST', body: 'x', user }
    expect((await send(server, '/upload/storage/v1/b/bucket/o?uploadType=media&name=in/a', post)).status).toBe(403)
    expect((await send(server, `${O}/in%2Fa`, { method: 'DELETE', user })).status).toBe(403)
  })

  test('testIamPermissions tells what is held', async () => {
    const server = await startServer()
    const user = server.addUser({
      allow: [{ permissions: ['storage.objects.*'], resources: ['bucket', 'bucket/*'] }],
    })
    const storage = storageOf(server, {}, user)
    const asked = ['storage.objects.get', 'storage.objects.list', 'storage.buckets.get']
    const [held] = await storage.bucket('bucket').iam.testPermissions(asked)
    expect(held).toEqual({
      'storage.objects.get': true,
      'storage.objects.list': true,
      'storage.buckets.get': false,
    })
    await expect(storage.bucket('bucket').getMetadata()).rejects.toMatchObject({ code: 403 })
    const [policy] = await storageOf(server).bucket('bucket').iam.getPolicy({ requestedPolicyVersion: 3 })
    expect(policy.bindings[0]!.role).toBe('roles/storage.legacyBucketOwner')
  })

  test('a public bucket is read by everyone, and told by its policy', async () => {
    const server = await startServer()
    server.admin.createBucket({
      name: 'public',
      bindings: [{ role: 'roles/storage.objectViewer', members: ['allUsers'] }],
    })
    await server.admin.put('public', 'a', Buffer.from('a'))
    const path = '/storage/v1/b/public'
    const nobody = (rest: string, init: RequestInit = {}) => send(server, path + rest, { ...init, user: undefined })
    expect(await (await nobody('/o/a?alt=media')).text()).toBe('a')
    expect((await nobody('/o')).status).toBe(200)
    expect((await nobody('')).status).toBe(401)
    expect((await nobody('/o/a', { method: 'DELETE' })).status).toBe(401)
    const held = await json(
      nobody('/iam/testPermissions?permissions=storage.objects.get&permissions=storage.buckets.get'),
    )
    expect(held.body['permissions']).toEqual(['storage.objects.get'])
    const policy = await json<{ bindings: unknown[] }>(send(server, `${path}/iam`))
    expect(policy.body.bindings.at(-1)).toEqual({ role: 'roles/storage.objectViewer', members: ['allUsers'] })
  })

  test('requesters pay where the bucket says so', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: 'paid', requesterPays: true })
    expect(await errorOf(send(server, '/storage/v1/b/paid/o'))).toMatchObject({
      status: 400,
      reason: 'required',
      message: 'Bucket is a requester pays bucket but no user project provided.',
    })
    expect((await send(server, '/storage/v1/b/paid/o?userProject=p')).status).toBe(200)
  })
})

describe('tokens', () => {
  const exchange = (url: string, form: Record<string, string>) =>
    json(fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams(form) }))

  test('a JWT counts only with the signature of the key, for this endpoint, for an hour', async () => {
    const server = await startServer()
    const { createSign } = await import('node:crypto')
    const key = server.owner.serviceAccountKey()
    const now = Math.floor(Date.now() / 1000)
    const jwt = (claims: object, alter = (text: string) => text): string => {
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
      const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss: key['client_email'], aud: key['token_uri'], scope: 's', iat: now, exp: now + 3600, ...claims })}`
      return alter(`${signed}.${createSign('RSA-SHA256').update(signed).sign(key['private_key']!, 'base64url')}`)
    }
    const grant = (assertion: string) =>
      exchange(server.url, { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
    expect(await grant(jwt({}))).toMatchObject({
      status: 200,
      body: { access_token: server.owner.token, token_type: 'Bearer', expires_in: 3599 },
    })
    for (const claims of [
      { aud: 'https://elsewhere' },
      { iss: 'nobody' },
      { exp: now - 1 },
      { exp: now + 7200 },
      { scope: undefined },
    ])
      expect(await grant(jwt(claims)), JSON.stringify(claims)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      })
    expect(await grant(jwt({}, (text) => `${text.slice(0, -8)}AAAAAAAA`))).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' },
    })
    expect((await exchange(server.url, { grant_type: 'password' })).status).toBe(400)
    const own = jwt({ aud: 'https://storage.googleapis.com/', scope: undefined })
    const headers = { authorization: `Bearer ${own}` }
    expect((await send(server, O, { user: undefined, headers })).status).toBe(200)
    const forged = { authorization: `Bearer ${own.slice(0, -8)}AAAAAAAA` }
    expect((await send(server, O, { user: undefined, headers: forged })).status).toBe(401)
  })
})

describe('buckets', () => {
  test('settings come back as they were set, with what the service adds', async () => {
    const server = await startServer()
    const storage = storageOf(server)
    const kmsKey = 'projects/p/locations/us/keyRings/r/cryptoKeys/k'
    await storage.createBucket('made', {
      iamConfiguration: { uniformBucketLevelAccess: { enabled: true }, publicAccessPrevention: 'enforced' },
      lifecycle: { rule: [{ action: { type: 'Delete' }, condition: { age: 30 } }] },
      logging: { logBucket: 'logs' },
      encryption: { defaultKmsKeyName: kmsKey },
      retentionPolicy: { retentionPeriod: 60 },
      versioning: { enabled: true },
    })
    const bucket = storage.bucket('made')
    expect((await bucket.getMetadata())[0]).toMatchObject({
      kind: 'storage#bucket',
      id: 'made',
      location: 'US',
      locationType: 'multi-region',
      storageClass: 'STANDARD',
      iamConfiguration: {
        uniformBucketLevelAccess: { enabled: true, lockedTime: expect.any(String) },
        bucketPolicyOnly: { enabled: true },
        publicAccessPrevention: 'enforced',
      },
      lifecycle: { rule: [{ action: { type: 'Delete' }, condition: { age: 30 } }] },
      logging: { logBucket: 'logs' },
      encryption: { defaultKmsKeyName: kmsKey },
      retentionPolicy: { retentionPeriod: '60', effectiveTime: expect.any(String) },
      softDeletePolicy: { retentionDurationSeconds: '604800', effectiveTime: expect.any(String) },
      versioning: { enabled: true },
    })
    await bucket.file('a').save('a', { resumable: false })
    expect((await bucket.file('a').getMetadata())[0].kmsKeyName).toBe(`${kmsKey}/cryptoKeyVersions/1`)
    expect((await bucket.file('a').getMetadata())[0].retentionExpirationTime).toBeDefined()
    await bucket.setMetadata({ softDeletePolicy: { retentionDurationSeconds: 0 }, logging: null as never })
    const [after] = await bucket.getMetadata()
    expect(after.metageneration).toBe('2')
    expect(after.logging).toBeUndefined()
    await expect(storage.createBucket('made')).rejects.toMatchObject({ code: 409 })
    await expect(bucket.delete()).rejects.toMatchObject({ code: 409 })
    expect((await storage.getBuckets())[0].map((one) => one.name)).toEqual(['bucket', 'made'])
  })

  test('the layout tells whether a bucket has folders of its own', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: 'folders', settings: { hierarchicalNamespace: { enabled: true } } })
    expect((await json(send(server, '/storage/v1/b/folders/storageLayout'))).body).toEqual({
      kind: 'storage#storageLayout',
      bucket: 'folders',
      location: 'US',
      locationType: 'multi-region',
      hierarchicalNamespace: { enabled: true },
    })
  })

  test('retention, a locked policy and holds keep objects', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: 'kept', retentionSeconds: 60, softDeleteSeconds: 0 })
    const bucket = storageOf(server).bucket('kept')
    await server.admin.put('kept', 'a', Buffer.from('a'))
    const remove = () => errorOf(send(server, '/storage/v1/b/kept/o/a', { method: 'DELETE' }))
    expect(await remove()).toMatchObject({ status: 403, reason: 'retentionPolicyNotMet' })
    await expect(bucket.file('a').save('b', { resumable: false })).rejects.toMatchObject({ code: 403 })
    const [{ metageneration }] = await bucket.getMetadata()
    await bucket.lock(metageneration!)
    await expect(bucket.setMetadata({ retentionPolicy: { retentionPeriod: 1 } })).rejects.toMatchObject({ code: 403 })
    server.clockOffsetMs = 61_000
    await bucket.file('a').setMetadata({ temporaryHold: true })
    expect(await remove()).toMatchObject({ status: 403, reason: 'objectUnderActiveHold' })
    await bucket.file('a').setMetadata({ temporaryHold: false })
    await bucket.file('a').delete()
    expect(server.admin.snapshot('kept')).toEqual([])
  })
})
