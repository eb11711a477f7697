import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { invalidConfig } from '../errors.js'

/** An Ed25519 signature (RFC 8032) with the key that made it: both lowercase hexadecimal, 64 and 128 digits. */
export interface ManifestSignature {
  readonly publicKey: string
  readonly value: string
}

/** The DER prefix of an Ed25519 public key (RFC 8410, section 4); the 32 bytes of the key follow. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** What is signed, in ASCII: it names the format, so that a signature cannot stand for something else. */
const signedText = (sha256: string): Buffer => Buffer.from(`backproof.manifest/v1 sha256 ${sha256}\n`, 'latin1')

/** Signs the digest of a manifest. */
export const signDigest = (sha256: string, key: KeyObject): ManifestSignature => ({
  publicKey: rawPublicKey(createPublicKey(key)),
  value: sign(null, signedText(sha256), key).toString('hex'),
})

/** Whether the signature is one of the key that it names. */
export const signatureHolds = (sha256: string, { publicKey, value }: ManifestSignature): boolean => {
  const der = Buffer.concat([SPKI_PREFIX, Buffer.from(publicKey, 'hex')])
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    return verify(null, signedText(sha256), key, Buffer.from(value, 'hex'))
  } catch {
    return false // bytes that are no point of the curve: how OpenSSL says so depends on its version
  }
}

/** The 32 bytes of an Ed25519 public key, lowercase hexadecimal. */
export const rawPublicKey = (key: KeyObject): string =>
  key.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length).toString('hex')

/** The key of an option: PEM text or a key object. Throws `invalid-config`; no part of the key is in the message. */
export const privateKey = (name: string, given: string | KeyObject): KeyObject =>
  ed25519(name, 'private', () => (typeof given === 'string' ? createPrivateKey(given) : given))

/** As {@link privateKey}. A private key is refused: who only reads should not hold one. */
export const publicKey = (name: string, given: string | KeyObject): KeyObject =>
  ed25519(name, 'public', () => {
    if (typeof given !== 'string') return given
    // createPublicKey would take a private key and derive the public one.
    return /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(given) ? createPrivateKey(given) : createPublicKey(given)
  })

const ed25519 = (name: string, type: 'private' | 'public', parse: () => KeyObject): KeyObject => {
  const wanted = `${name} must be an Ed25519 ${type} key, unencrypted, as PEM text or KeyObject`
  let key: KeyObject
  try {
    key = parse()
  } catch {
    // What was wrong with it could quote key material.
    throw invalidConfig(`${wanted}; what was given cannot be read as a key.`)
  }
  if (key?.asymmetricKeyType !== 'ed25519' || key.type !== type)
    throw invalidConfig(
      `${wanted}; what was given is a ${String(key?.type)} key of type ${String(key?.asymmetricKeyType)}.`,
    )
  return key
}
