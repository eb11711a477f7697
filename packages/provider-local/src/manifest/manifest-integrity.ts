import { createHash, type KeyObject } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import type { BackupError } from '@backproof/core/errors'
import { fileChunks } from '@backproof/core/run'
import { escapeKey } from '@backproof/core/source'
import { localError } from '../errors.js'
import { type ManifestTrailer, parseTrailer } from './manifest-ends.js'
import { rawPublicKey, signatureHolds } from './manifest-signature.js'

/** A manifest whose every byte was found to be as it was written. */
export interface VerifiedManifest {
  readonly trailer: ManifestTrailer
  /** Offset of the trailer. */
  readonly end: number
  /** The state of the file that this is true of. */
  readonly state: BigIntStats
}

/** Longer than any line of a manifest: keys have a few thousand bytes. */
export const LONGEST_LINE: number = 1024 * 1024

const NEWLINE = 0x0a

/**
 * Reads a manifest once and holds it against its last line: digest of all bytes before, number of entries, signature.
 * Throws `corrupt` when it was cut short or changed, and when it lacks a signature of the key that was given.
 */
export const checkManifest = async (
  path: string,
  key: KeyObject | undefined,
  signal: AbortSignal | undefined,
): Promise<VerifiedManifest> => {
  const hash = createHash('sha256')
  let state: BigIntStats | undefined
  let lines = 0
  let end = 0
  // What follows the last newline but one: it may be the last line, which the digest does not cover.
  let tail: Buffer = Buffer.alloc(0)
  const onOpen = (opened: BigIntStats): void => {
    state = opened
  }
  for await (const chunk of fileChunks(path, { signal, onOpen })) {
    const bytes = Buffer.concat([tail, chunk])
    const cut = bytes.length < 2 ? 0 : bytes.lastIndexOf(NEWLINE, bytes.length - 2) + 1
    hash.update(bytes.subarray(0, cut))
    lines += countLines(bytes, cut)
    end += cut
    tail = bytes.subarray(cut)
    if (tail.length > LONGEST_LINE) throw damaged(path, `has a line of more than ${LONGEST_LINE} bytes`)
  }
  const text = tail.toString('latin1')
  const trailer = text.endsWith('\n') ? parseTrailer(text.slice(0, -1)) : undefined
  if (trailer === undefined)
    throw damaged(path, 'does not end with its closing line: it was cut short, or changed at its end')
  if (hash.digest('hex') !== trailer.sha256)
    throw damaged(path, 'is not as it was written: its digest is not the one in its closing line')
  if (lines !== trailer.entries + 1)
    throw damaged(path, `has ${lines - 1} entries; its closing line says ${trailer.entries}`)
  checkSignature(path, trailer, key)
  return { trailer, end, state: state! }
}

const checkSignature = (path: string, { sha256, signature }: ManifestTrailer, key: KeyObject | undefined): void => {
  if (signature === undefined) {
    if (key !== undefined)
      throw damaged(path, 'is not signed, though a public key was given', 'Leave the key out if it never was signed.')
    return
  }
  if (!signatureHolds(sha256, signature)) throw damaged(path, 'has a signature that does not fit it')
  if (key !== undefined && rawPublicKey(key) !== signature.publicKey)
    throw damaged(
      path,
      `is signed by the key ${signature.publicKey}, not by ${rawPublicKey(key)}`,
      'Somebody else wrote it, or the wrong public key was given.',
    )
}

const countLines = (bytes: Buffer, to: number): number => {
  let lines = 0
  for (let i = bytes.indexOf(NEWLINE); i !== -1 && i < to; i = bytes.indexOf(NEWLINE, i + 1)) lines += 1
  return lines
}

/** A manifest that cannot be trusted any more. */
export const damaged = (
  path: string,
  what: string,
  advice = 'Nothing in it can be trusted: take another copy of the manifest.',
): BackupError => localError('corrupt', 'list', path, `The manifest ${escapeKey(path)} ${what}. ${advice}`)
