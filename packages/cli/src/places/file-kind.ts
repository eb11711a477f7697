import { closeSync, openSync, readSync } from 'node:fs'
import { keyToBytes } from '@backproof/core/source'
import { listWordOf } from './list-hint.js'

/** What a file is to a run, by its first bytes and never by its name. */
export type FileKind = 'checksums' | 'tar' | 'zip'

/** A path from a URI may hold escaped bytes. */
export const kernelPath = (path: string): Buffer => Buffer.from(keyToBytes(path))

/** The kind of a file; or the word that belongs in front of a list of objects; `undefined`: nothing that can be a side. */
export const fileKind = (path: Buffer): FileKind | { readonly word: string } | undefined => {
  const head = firstBytes(path)
  if (ZIP.some((magic) => head.startsWith(magic))) return 'zip'
  // Compressed: whether there is a tar inside shows when it is opened.
  if (head.startsWith(GZIP) || head.startsWith(ZSTD) || head.startsWith('ustar', TAR_MAGIC_AT)) return 'tar'
  if (looksLikeChecksums(head)) return 'checksums'
  const word = listWordOf(head)
  return word === undefined ? undefined : { word }
}

// RFC 1952, RFC 8878, POSIX ustar, and the local header or the end record (of an empty archive) of APPNOTE.TXT.
const GZIP = '\x1f\x8b'
const ZSTD = '\x28\xb5\x2f\xfd'
const TAR_MAGIC_AT = 257
const ZIP = ['PK\x03\x04', 'PK\x05\x06']

/** One byte a character. */
const firstBytes = (path: Buffer): string => {
  const start = Buffer.alloc(8192)
  const descriptor = openSync(path, 'r')
  try {
    return start.toString('latin1', 0, readSync(descriptor, start, 0, start.length, 0))
  } finally {
    closeSync(descriptor)
  }
}

/** Whether it begins as our manifest or a list of hashdeep does, or the first line that says something is one of `sha256sum` or of a BSD `--tag` list. */
const looksLikeChecksums = (head: string): boolean => {
  if (MANIFEST_STARTS.some((start) => head.startsWith(start))) return true
  const line = head.split(/\r?\n/).find((one) => one.trim() !== '' && !one.startsWith('#'))
  return line !== undefined && CHECKSUM_LINE.test(line)
}

const MANIFEST_STARTS = ['{"schema":"backproof.manifest/', '%%%% HASHDEEP-']
const CHECKSUM_LINE = /^\\?(?:[0-9a-fA-F]{8,128} [ *]|[A-Za-z0-9/-]+ \(.+\) ?= ?[0-9a-fA-F]{8,128}$)/
