import type { IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBody } from '../../src/s3/chunked.js'
import { requireRange } from '../../src/s3/conditions.js'
import { isFailure } from '../../src/s3/failure.js'
import { parseRequest } from '../../src/s3/request.js'
import { type Signature, uriEncode } from '../../src/s3/sigv4.js'
import { childText, parseXml, xmlDocument } from '../../src/s3/xml.js'

/** The code of the failure that `run` throws; anything else is thrown on. */
const codeOf = (run: () => unknown): string | undefined => {
  try {
    run()
    return undefined
  } catch (error) {
    if (isFailure(error)) return error.failure.code
    throw error
  }
}

describe('XML', () => {
  test('what is written is read again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string()), (key, values) => {
        const root = parseXml(xmlDocument('Root', { Key: key, Value: values, Nested: { Deep: key } }))!
        expect(root.name).toBe('Root')
        expect(childText(root, 'Key')).toBe(key)
        expect(root.children.filter((child) => child.name === 'Value').map((child) => child.text)).toEqual(values)
        expect(root.children.at(-1)!.children[0]!.text).toBe(key)
      }),
    )
  })

  test('what is cut off is not well-formed', () => {
    const whole = xmlDocument('Root', { Key: 'a', Row: [{ Size: 1 }, { Size: 2 }] })
    for (let length = 0; length < whole.length; length++) expect(parseXml(whole.slice(0, length))).toBeUndefined()
    for (const text of ['', 'text', '<a></b>', '<a/><b/>', '<a>&amp;</a><', '<a', '</a>'])
      expect(parseXml(text)).toBeUndefined()
    expect(parseXml('<?xml version="1.0"?><!-- c --><s3:a x="1"><![CDATA[<&]]><b/></s3:a>')).toEqual({
      name: 'a',
      text: '<&',
      children: [{ name: 'b', text: '', children: [] }],
    })
  })
})

describe('ranges', () => {
  test('are within the object, or refused, whatever the header says', () => {
    const header = fc.oneof(
      fc.string(),
      fc.tuple(fc.nat(30), fc.nat(30)).map(([a, b]) => `bytes=${a}-${b}`),
      fc.nat(30).map((a) => `bytes=${a}-`),
      fc.nat(30).map((a) => `bytes=-${a}`),
    )
    fc.assert(
      fc.property(header, fc.nat(20), (text, size) => {
        const code = codeOf(() => {
          const range = requireRange(text, size)
          if (range === undefined) return
          expect(range.start).toBeGreaterThanOrEqual(0)
          expect(range.end).toBeGreaterThan(range.start)
          expect(range.end).toBeLessThanOrEqual(size)
        })
        expect([undefined, 'InvalidRange']).toContain(code)
      }),
    )
  })
})

const UNSIGNED: Signature = {
  user: { arn: 'arn', root: true, statements: [], credentials: { accessKeyId: 'a', secretAccessKey: 's' } },
  region: 'us-east-1',
  scope: '',
  date: '',
  value: '',
  key: Buffer.alloc(0),
  payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
}

describe('chunked bodies', () => {
  test('come together again, however they were cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 })), (pieces) => {
        const chunks = pieces.flatMap((piece) => [
          Buffer.from(`${piece.length.toString(16)}\r\n`),
          piece,
          Buffer.from('\r\n'),
        ])
        const raw = Buffer.concat([...chunks, Buffer.from('0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n')])
        const whole = Buffer.concat(pieces)
        const decoded = decodeBody(raw, UNSIGNED, whole.length)
        expect(decoded.bytes.equals(whole)).toBe(true)
        expect(decoded.trailers.get('x-amz-checksum-crc32')).toBe('AAAAAA==')
        expect(codeOf(() => decodeBody(raw, UNSIGNED, whole.length + 1))).toBe('IncompleteBody')
      }),
    )
  })

  test('what is no chunked body is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const code = codeOf(() => decodeBody(Buffer.from(bytes), UNSIGNED, 5))
        expect(code).toBe('IncompleteBody')
      }),
    )
  })
})

describe('request targets', () => {
  test('any key comes back from its encoded path, and any parameter from the query', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary' }), (key, value) => {
        const url = `/bucket/${key.split('/').map(uriEncode).join('/')}?prefix=${uriEncode(value)}&uploads`
        const request = parseRequest({ method: 'GET', url, rawHeaders: ['Host', 'h'] } as unknown as IncomingMessage)
        expect([request.bucket, request.key]).toEqual(['bucket', key])
        expect([...request.query]).toEqual([
          ['prefix', value],
          ['uploads', ''],
        ])
      }),
    )
  })
})
