import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** A certificate and its key, in PEM. */
export interface Certificate {
  /** Signed by itself: who trusts it names it as authority. */
  readonly certificate: string
  readonly key: string
}

const DAY_MS = 86_400_000

// Tags of DER (X.690).
const INTEGER = 0x02
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
const OBJECT_IDENTIFIER = 0x06
const UTF8_STRING = 0x0c
const UTC_TIME = 0x17
const SEQUENCE = 0x30
const SET = 0x31

/** Makes a certificate (RFC 5280) for 127.0.0.1 and localhost that is valid for some days, with a new P-256 key. */
export const makeCertificate = (): Certificate => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaWithSha256 = der(SEQUENCE, oid('2a8648ce3d040302'))
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, oid('550403'), der(UTF8_STRING, Buffer.from('127.0.0.1')))))
  const times = [-DAY_MS, 10 * DAY_MS].map((offset) => der(UTC_TIME, Buffer.from(utcTime(Date.now() + offset))))
  const localhost = [der(0x87, Buffer.from([127, 0, 0, 1])), der(0x82, Buffer.from('localhost'))]
  const alternativeNames = der(SEQUENCE, oid('551d11'), der(OCTET_STRING, der(SEQUENCE, ...localhost)))
  const content = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    name,
    der(SEQUENCE, ...times),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, alternativeNames)),
  )
  const signature = der(BIT_STRING, Buffer.from([0]), sign('sha256', content, privateKey))
  const lines = der(SEQUENCE, content, ecdsaWithSha256, signature)
    .toString('base64')
    .match(/.{1,64}/g)!
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

const der = (tag: number, ...contents: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(contents)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const oid = (hex: string): Buffer => der(OBJECT_IDENTIFIER, Buffer.from(hex, 'hex'))

/** `YYMMDDhhmmssZ` */
const utcTime = (time: number): string => `${new Date(time).toISOString().replace(/\D/g, '').slice(2, 14)}Z`
