import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { decodeBody } from '../../src/s3/chunked.js'
import { isFailure } from '../../src/s3/failure.js'
import { parseRequest, type S3Request } from '../../src/s3/request.js'
import { type Signature, verifySignature } from '../../src/s3/sigv4.js'
import type { User } from '../../src/s3/users.js'

// The examples of "Authenticating Requests (AWS Signature Version 4)" in the Amazon S3 API Reference.
const user: User = {
  arn: 'arn',
  root: true,
  statements: [],
  credentials: {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  },
}
const NOW = Date.UTC(2013, 4, 24)
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

const requestOf = (method: string, url: string, headers: Record<string, string>): S3Request =>
  parseRequest({ method, url, rawHeaders: Object.entries(headers).flat() } as IncomingMessage)

const verify = (request: S3Request, now: number = NOW): Signature =>
  verifySignature(request, { now, findUser: (id) => (id === user.credentials.accessKeyId ? user : undefined) })

const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (isFailure(error)) return error.failure.code
    throw error
  }
  return 'none'
}

const authorization = (signed: string, signature: string): string =>
  `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signed},Signature=${signature}`

const getObject = (signature: string, extra: Record<string, string> = {}): S3Request =>
  requestOf('GET', '/test.txt', {
    Host: 'examplebucket.s3.amazonaws.com',
    Range: 'bytes=0-9',
    'x-amz-content-sha256': EMPTY,
    'x-amz-date': '20130524T000000Z',
    Authorization: authorization('host;range;x-amz-content-sha256;x-amz-date', signature),
    ...extra,
  })
const GET_SIGNATURE = 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'

const presigned = (signature: string): S3Request =>
  requestOf(
    'GET',
    `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=${signature}`,
    { Host: 'examplebucket.s3.amazonaws.com' },
  )
const PRESIGNED_SIGNATURE = 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404'

describe('signatures of the API reference', () => {
  test('GET Object, with the signature in the header', () => {
    expect(verify(getObject(GET_SIGNATURE))).toMatchObject({ region: 'us-east-1', payload: EMPTY })
    expect(codeOf(() => verify(getObject(GET_SIGNATURE.replace('f0', 'f1'))))).toBe('SignatureDoesNotMatch')
    expect(codeOf(() => verify(getObject(GET_SIGNATURE, { Range: 'bytes=0-8' })))).toBe('SignatureDoesNotMatch')
    expect(codeOf(() => verify(getObject(GET_SIGNATURE, { 'x-amz-extra': '1' })))).toBe('AccessDenied')
  })

  test('the parameters of a listing are signed in the order of their names', () => {
    const list = requestOf('GET', '/?max-keys=2&prefix=J', {
      Host: 'examplebucket.s3.amazonaws.com',
      'x-amz-content-sha256': EMPTY,
      'x-amz-date': '20130524T000000Z',
      Authorization: authorization(
        'host;x-amz-content-sha256;x-amz-date',
        '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
      ),
    })
    expect(verify(list).user).toBe(user)
  })

  test('a clock that is more than 15 minutes off', () => {
    expect(verify(getObject(GET_SIGNATURE), NOW + 15 * 60_000).user).toBe(user)
    expect(codeOf(() => verify(getObject(GET_SIGNATURE), NOW + 15 * 60_000 + 1))).toBe('RequestTimeTooSkewed')
    expect(codeOf(() => verify(getObject(GET_SIGNATURE), NOW - 16 * 60_000))).toBe('RequestTimeTooSkewed')
  })

  test('a presigned URL, until it expires', () => {
    expect(verify(presigned(PRESIGNED_SIGNATURE), NOW + 86_400_000).payload).toBe('UNSIGNED-PAYLOAD')
    expect(codeOf(() => verify(presigned(PRESIGNED_SIGNATURE), NOW + 86_400_001))).toBe('AccessDenied')
    expect(codeOf(() => verify(presigned(PRESIGNED_SIGNATURE.replace('ae', 'af'))))).toBe('SignatureDoesNotMatch')
  })

  test('nobody, and somebody who is not known', () => {
    expect(codeOf(() => verify(requestOf('GET', '/b/k', { Host: 'h' })))).toBe('AccessDenied')
    const other = getObject(GET_SIGNATURE)
    const header = other.headers.get('authorization')!.replace('AKIAIOSFODNN7EXAMPLE', 'AKIAUNKNOWN')
    const headers = new Map([...other.headers, ['authorization', header]])
    expect(codeOf(() => verify({ ...other, headers }))).toBe('InvalidAccessKeyId')
  })
})

const CHUNKS = [
  'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
  '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
  'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
]
const TRAILER_CHUNKS = [
  'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
  '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
  '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
]

const chunkedBody = (signatures: readonly string[], trailer: string): Buffer =>
  Buffer.from(
    [65_536, 1024, 0]
      .map(
        (size, i) =>
          `${size.toString(16)};chunk-signature=${signatures[i]}\r\n${'a'.repeat(size)}${size > 0 ? '\r\n' : ''}`,
      )
      .join('') + trailer,
  )

const putChunked = (
  payload: string,
  signature: string,
  extra: Record<string, string>,
  signedExtra: string,
): Signature =>
  verify(
    requestOf('PUT', '/examplebucket/chunkObject.txt', {
      Host: 's3.amazonaws.com',
      'x-amz-date': '20130524T000000Z',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      'x-amz-content-sha256': payload,
      'Content-Encoding': 'aws-chunked',
      'x-amz-decoded-content-length': '66560',
      ...extra,
      Authorization: authorization(
        `content-encoding;${signedExtra === 'content-length' ? 'content-length;' : ''}host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class${signedExtra === 'x-amz-trailer' ? ';x-amz-trailer' : ''}`,
        signature,
      ),
    }),
  )

describe('chunked bodies of the API reference', () => {
  test('every chunk is verified', () => {
    const signature = putChunked(
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
      { 'Content-Length': '66824' },
      'content-length',
    )
    const body = chunkedBody(CHUNKS, '\r\n')
    expect(body.length).toBe(66_824)
    expect(decodeBody(body, signature, 66_560).bytes.equals(Buffer.alloc(66_560, 'a'))).toBe(true)
    const changed = Buffer.from(body)
    changed[70_00] = 0x62
    expect(codeOf(() => decodeBody(changed, signature, 66_560))).toBe('SignatureDoesNotMatch')
    expect(codeOf(() => decodeBody(body.subarray(0, 60_000), signature, 66_560))).toBe('IncompleteBody')
    expect(codeOf(() => decodeBody(body, signature, 66_561))).toBe('IncompleteBody')
  })

  test('so is the trailer', () => {
    const signature = putChunked(
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
      { 'x-amz-trailer': 'x-amz-checksum-crc32c' },
      'x-amz-trailer',
    )
    const trailer = (value: string): string =>
      `x-amz-checksum-crc32c:${value}\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n`
    const decoded = decodeBody(chunkedBody(TRAILER_CHUNKS, trailer('sOO8/Q==')), signature, 66_560)
    expect([...decoded.trailers]).toEqual([['x-amz-checksum-crc32c', 'sOO8/Q==']])
    const changed = chunkedBody(TRAILER_CHUNKS, trailer('sOO8/A=='))
    expect(codeOf(() => decodeBody(changed, signature, 66_560))).toBe('SignatureDoesNotMatch')
  })
})
