import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Rgw, type RgwCredentials, rgwMissing, startRgw } from '../../src/rgw/index.js'

const MIB = 1024 * 1024
const absent = rgwMissing() !== undefined
const packages = 'Debian packages radosgw ceph-osd ceph-mon ceph-common'

const connect = (server: Rgw, credentials: RgwCredentials): S3Client =>
  new S3Client({
    endpoint: server.url,
    region: server.region,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    maxAttempts: 1,
    // The server closes idle connections after idleMs: one that is used again just then would be reset.
    requestHandler: { httpAgent: { keepAlive: false } },
    credentials,
  })

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const until = async (what: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 100 && !what(); tries++) await sleep(100)
  expect(what()).toBe(true)
}

/** Bytes that differ from place to place, so that a piece in the wrong place shows. */
const content = (size: number, seed: number): Buffer => {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE((Math.imul(at, 2654435761) + seed) >>> 0, at)
  return bytes
}

const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex')

describe.skipIf(absent)(`Ceph's gateway (${packages})`, () => {
  let rgw: Rgw
  let s3: S3Client
  const Bucket = 'plain'

  const put = async (Key: string, Body: Buffer, bucket = Bucket): Promise<string | undefined> =>
    (await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }))).VersionId

  const putParts = async (Key: string, parts: readonly Buffer[], bucket = Bucket): Promise<string | undefined> => {
    const place = { Bucket: bucket, Key }
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place))
    const Parts = []
    for (const [index, Body] of parts.entries()) {
      const which = { UploadId, PartNumber: index + 1 }
      const { ETag } = await s3.send(new UploadPartCommand({ ...place, ...which, Body }))
      Parts.push({ ETag, PartNumber: index + 1 })
    }
    const done = new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts } })
    return (await s3.send(done)).VersionId
  }

  const get = async (Key: string, VersionId?: string, bucket = Bucket): Promise<Buffer> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key, VersionId }))
    return Buffer.from(await Body!.transformToByteArray())
  }

  beforeAll(async () => {
    rgw = await startRgw({ idleMs: 1500 })
    s3 = connect(rgw, rgw.credentials)
    await s3.send(new CreateBucketCommand({ Bucket }))
  })

  afterAll(async () => {
    s3?.destroy()
    await rgw?.close()
  })

  it('keeps any key, and lists keys in the order of their UTF-8 bytes', async () => {
    const keys = [
      'a',
      'a b',
      'a+b',
      'a%41',
      'a/b',
      'a//b',
      'a.txt',
      '_x',
      '__x',
      '-x',
      'é',
      'e\u0301',
      '\u{1F600}',
      '\uFFFD',
      'z\u0001',
      'q\'"&<>',
      'n\nn',
      '%',
      '~',
      '../up',
      'dir/',
    ]
    for (const [index, key] of keys.entries()) await put(`keys/${key}`, content(3, index))
    for (const [index, key] of ['_top', '-top', 'top\n'].entries()) await put(key, content(3, 100 + index))
    const page = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'keys/', EncodingType: 'url' }))
    const listed = page.Contents!.map((one) => decodeURIComponent(one.Key!.replaceAll('+', ' ')))
    const sorted = keys.map((key) => `keys/${key}`).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    expect(listed).toEqual(sorted)
    for (const [index, key] of keys.entries()) expect(await get(`keys/${key}`)).toEqual(content(3, index))
  })

  it('stores objects as the pieces that objectsOf names, in that order', async () => {
    const bodies = {
      empty: content(0, 0),
      'dir/é \u{1F600}\n': content(10, 1),
      _under: content(4 * MIB, 2),
      edge: content(4 * MIB + 1, 3),
      '-big': content(9 * MIB + 5, 4),
    }
    for (const [key, body] of Object.entries(bodies)) await put(key, body)
    const parts = [content(9 * MIB, 5), content(5 * MIB, 6), content(3, 7)]
    await putParts('_parts', parts)
    await putParts('same', [content(5 * MIB, 8), content(5 * MIB, 9), content(7, 10)])
    const all = new Set(await rgw.rados.list())
    const stored = async (key: string): Promise<Buffer> => {
      const names = await rgw.objectsOf(Bucket, key)
      expect(names.filter((name) => !all.has(name))).toEqual([])
      return Buffer.concat(await Promise.all(names.map((name) => rgw.rados.get(name))))
    }
    for (const [key, body] of Object.entries(bodies)) expect(md5(await stored(key)), key).toBe(md5(body))
    expect(md5(await stored('_parts'))).toBe(md5(Buffer.concat(parts)))
    expect(md5(await stored('same'))).toBe(md5(await get('same')))
    expect(await rgw.objectsOf(Bucket, '-big')).toHaveLength(3)
    expect(await rgw.objectsOf(Bucket, '_parts')).toHaveLength(1 + 3 + 2 + 1)
    await expect(rgw.objectsOf(Bucket, 'nope')).rejects.toMatchObject({ code: 'not-found' })
    await expect(rgw.objectsOf('no-bucket', 'nope')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('rots: a byte changes anywhere, nothing that S3 tells does', async () => {
    const key = 'rot'
    const body = content(9 * MIB + 5, 1)
    const offsets = [0, 4 * MIB - 1, 4 * MIB, body.length - 1]
    const told = async (): Promise<unknown> => {
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key: key }))
      const page = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: key }))
      return [head.ETag, head.ContentLength, head.LastModified, head.ContentType, page.Contents]
    }
    await put(key, body)
    const before = await told()
    await sleep(1100) // a changed second of Last-Modified would show
    for (const offset of offsets) {
      await rgw.rot(Bucket, key, offset)
      body[offset] = body[offset]! ^ 0xff
      expect(md5(await get(key)), `byte ${offset}`).toBe(md5(body))
    }
    expect(await told()).toEqual(before)
    await expect(rgw.rot(Bucket, key, body.length)).rejects.toMatchObject({ code: 'invalid-config' })
  })

  it('loses a tail: HEAD tells the full size, the body does not come whole', async () => {
    await putParts('lost', [content(5 * MIB, 1), content(5 * MIB, 2)])
    await put('small', content(10, 3))
    await rgw.dropTail(Bucket, 'lost')
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'lost' }))
    expect(head.ContentLength).toBe(10 * MIB)
    let arrived = 0
    const read = async (): Promise<void> => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'lost' }))
      for await (const chunk of Body as AsyncIterable<Uint8Array>) arrived += chunk.length
    }
    // The gateway asks for several pieces ahead. When it misses one before it has sent anything, it refuses at once; otherwise
    // it sends whole pieces up to some place before the lost one, then nothing, and hangs up after idleMs.
    const error: unknown = await read().catch((reason: unknown) => reason)
    expect([0, 4, 5, 9].map((mebibytes) => mebibytes * MIB)).toContain(arrived)
    expect(error).toMatchObject(
      arrived === 0
        ? { name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } }
        : { name: 'Error', code: 'ECONNRESET', message: 'aborted' },
    )
    await expect(rgw.dropTail(Bucket, 'small')).rejects.toMatchObject({ code: 'invalid-config' })
  })

  it('has versions and delete markers, and finds the pieces of each version', async () => {
    const bucket = 'versions'
    await s3.send(new CreateBucketCommand({ Bucket: bucket }))
    await put('_k', content(5 * MIB, 1), bucket)
    const VersioningConfiguration = { Status: 'Enabled' } as const
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }))
    const second = await put('_k', content(5 * MIB, 2), bucket)
    const third = await putParts('_k', [content(5 * MIB, 3), content(1, 4)], bucket)
    const read = async (version?: string): Promise<string> => {
      const names = await rgw.objectsOf(bucket, '_k', version)
      return md5(Buffer.concat(await Promise.all(names.map((name) => rgw.rados.get(name)))))
    }
    for (const version of ['null', second, third])
      expect(await read(version)).toBe(md5(await get('_k', version, bucket)))
    expect(await read()).toBe(await read(third))
    const gone = await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: '_k' }))
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }))
    expect(listed.Versions!.map((one) => [one.VersionId, one.IsLatest])).toEqual([
      [third, false],
      [second, false],
      ['null', false],
    ])
    expect(listed.DeleteMarkers!.map((one) => [one.VersionId, one.IsLatest])).toEqual([[gone.VersionId, true]])
    await expect(rgw.objectsOf(bucket, '_k')).rejects.toMatchObject({ code: 'not-found' })
    await rgw.rot(bucket, '_k', 0, second)
    const rotten = content(5 * MIB, 2)
    rotten[0] = rotten[0]! ^ 0xff
    expect(md5(await get('_k', second, bucket))).toBe(md5(rotten))
    expect(md5(await get('_k', 'null', bucket))).toBe(md5(content(5 * MIB, 1)))
  })

  it('lets a user read who may only read, and refuses a stranger', async () => {
    const bucket = 'policy'
    await s3.send(new CreateBucketCommand({ Bucket: bucket }))
    await put('k', content(4, 1), bucket)
    const reader = connect(rgw, await rgw.addUser({ uid: 'reader' }))
    const other = connect(rgw, rgw.other)
    try {
      const Policy = JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: ['arn:aws:iam:::user/reader'] },
            Action: ['s3:GetObject', 's3:ListBucket'],
            Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
          },
        ],
      })
      await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }))
      const { Body } = await reader.send(new GetObjectCommand({ Bucket: bucket, Key: 'k' }))
      expect(Buffer.from(await Body!.transformToByteArray())).toEqual(content(4, 1))
      expect((await reader.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount).toBe(1)
      const place = { Bucket: bucket, Key: 'k' }
      const denied = { name: 'AccessDenied' }
      await expect(reader.send(new PutObjectCommand({ ...place, Body: 'x' }))).rejects.toMatchObject(denied)
      await expect(reader.send(new DeleteObjectCommand(place))).rejects.toMatchObject(denied)
      await expect(other.send(new GetObjectCommand(place))).rejects.toMatchObject(denied)
    } finally {
      reader.destroy()
      other.destroy()
    }
  })

  it('runs beside another one, and leaves nothing when it is closed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'backproof-two-'))
    try {
      const second = await startRgw({ directory, store: 'bluestore', gib: 2 })
      expect(second.url).not.toBe(rgw.url)
      expect(second.directory.startsWith(`${directory}/`)).toBe(true)
      expect(await second.rados.list()).toEqual([])
      const client = connect(second, second.credentials)
      await client.send(new CreateBucketCommand({ Bucket }))
      await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: content(5, 1) }))
      await second.rot(Bucket, 'k', 1)
      client.destroy()
      expect(second.pids).toHaveLength(3)
      expect(second.pids.every(isRunning)).toBe(true)
      await Promise.all([second.close(), second.close()])
      expect(second.pids.filter(isRunning)).toEqual([])
      expect(await readdir(directory)).toEqual([])
      expect(rgw.pids.every(isRunning)).toBe(true)
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })

  it('goes when the process that started it is killed', async () => {
    const script = join(import.meta.dirname, 'owner-child.ts')
    const child = spawn(process.execPath, ['--conditions=backproof-source', '--import', 'tsx', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await Promise.race([
      createInterface({ input: child.stdout })
        [Symbol.asyncIterator]()
        .next()
        .then(({ value }) => [String(value)]),
      new Promise<never>((_, reject) => child.once('exit', () => reject(new Error('it ended')))),
    ])
    const { directory, pids } = JSON.parse(line!) as { directory: string; pids: number[] }
    expect(pids.every(isRunning)).toBe(true)
    child.kill('SIGKILL')
    await until(() => !pids.some(isRunning) && !existsSync(directory))
  })

  it('says why a daemon did not come up, and leaves nothing', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'backproof-broken-'))
    const [bin, state] = [join(directory, 'bin'), join(directory, 'state')]
    const path = process.env['PATH']!
    const real = path
      .split(':')
      .map((folder) => join(folder, 'radosgw'))
      .find(existsSync)
    await mkdir(bin)
    try {
      // The real gateway, sent to a port that the other one has.
      const frontend = `beast endpoint=${rgw.url.replace('http://', '')}`
      const script = `#!/bin/sh\nexec ${real} "$@" '--rgw-frontends=${frontend}'\n`
      await writeFile(join(bin, 'radosgw'), script, { mode: 0o755 })
      process.env['PATH'] = `${bin}:${path}`
      await expect(startRgw({ directory: state })).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(
          /^radosgw \(client\.rgw\) ended with exit code 98\. The end of its log:\n\d{4}-/,
        ),
      })
      expect(await readdir(state)).toEqual([])
      expect(rgw.pids.every(isRunning)).toBe(true)
    } finally {
      process.env['PATH'] = path
      await rm(directory, { recursive: true, force: true })
    }
  })

  it('stops starting when it is told to', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'backproof-abort-'))
    const reason = new Error('enough')
    const abort = new AbortController()
    setTimeout(() => abort.abort(reason), 400)
    try {
      await expect(startRgw({ directory, signal: abort.signal })).rejects.toBe(reason)
      expect(await readdir(directory)).toEqual([])
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })

  it('refuses a folder that its configuration cannot name', async () => {
    await expect(startRgw({ directory: '/tmp/a b' })).rejects.toMatchObject({ code: 'invalid-config' })
  })
})

describe('without its binaries', () => {
  it('the packages to install are named', async () => {
    const path = process.env['PATH']
    process.env['PATH'] = '/nowhere'
    try {
      expect(rgwMissing()).toBe('radosgw ceph-osd ceph-mon ceph-common')
      await expect(startRgw()).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringMatching(/ceph-common/),
      })
    } finally {
      process.env['PATH'] = path
    }
  })
})
