import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type BackupSource, keyToBytes, type SourceTraits } from '@backproof/core/source'
import {
  type ConformanceHarness,
  type ConformanceObject,
  conformanceCaseNames,
  registerConformance,
  sourceConformance,
} from '@backproof/core/testing'
import { tarArchive, zipArchive } from '@backproof/provider-local'
import { afterAll, describe, it } from 'vitest'

const TRAITS: SourceTraits = {
  keyOrder: 'none',
  access: 'sequential',
  pinning: 'etag',
  listingDigests: [],
  statDigests: [],
  rangeReads: false,
  versions: false,
  readCost: 'free',
}

/** Runs a program that must succeed. */
const run = (program: string, args: readonly string[], input: string | Buffer): void => {
  const { status, stderr } = spawnSync(program, args, { input })
  if (status !== 0) throw new Error(`${program}: ${stderr.toString()}`)
}

/** Packs a directory of the objects with GNU tar, by a list of names, so that any name can be given. */
const packTar = (folder: string, content: readonly ConformanceObject[], file: string): void => {
  const tree = join(folder, 'tree')
  mkdirSync(tree)
  const names = content.map(({ key, bytes, linkTarget }) => {
    const path = Buffer.concat([Buffer.from(`${tree}/`), keyToBytes(key)])
    mkdirSync(Buffer.from(dirname(path.toString('latin1')), 'latin1'), { recursive: true })
    if (linkTarget === undefined) writeFileSync(path, bytes)
    else symlinkSync(linkTarget, path)
    return Buffer.concat([keyToBytes(key), Buffer.of(0)])
  })
  const options = ['--format=posix', '--no-unquote', '--null', '--verbatim-files-from', '-C', tree, '-T', '-']
  run('tar', ['-czf', file, ...options], Buffer.concat(names))
}

/** Packs with Python's zipfile, which takes any name that is Unicode. */
const packZip = (_: string, content: readonly ConformanceObject[], file: string): void => {
  const script = `
import base64, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
    for key, data, link in json.load(sys.stdin):
        info = zipfile.ZipInfo(key)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.create_system = 3
        info.external_attr = (0o120777 if link is not None else 0o100644) << 16
        z.writestr(info, link if link is not None else base64.b64decode(data))
`
  const objects = content.map(({ key, bytes, linkTarget }) => [
    key,
    Buffer.from(bytes).toString('base64'),
    linkTarget ?? null,
  ])
  run('python3', ['-c', script, file], JSON.stringify(objects))
}

const noDrive = (key: string): true | string =>
  !/^[a-z]:[\\/]/i.test(key) || 'a path with a drive in front leads out of an archive and is told as a problem'

const digestOf = (content: readonly ConformanceObject[]): string => {
  const hash = createHash('sha256')
  for (const { bytes, ...rest } of content) hash.update(`${JSON.stringify(rest)} ${bytes.length}\n`).update(bytes)
  return hash.digest('hex')
}

const harnessOf = (
  pack: (folder: string, content: readonly ConformanceObject[], file: string) => void,
  open: (path: string) => BackupSource,
  more: Partial<ConformanceHarness>,
): ConformanceHarness => {
  // No case changes an archive, and most of them have the same few objects: each content is packed once.
  const packed = new Map<string, string>()
  const root = mkdtempSync(join(tmpdir(), 'backproof-archive-conformance-'))
  afterAll(() => rmSync(root, { recursive: true }))
  const packOnce = (content: readonly ConformanceObject[]): string => {
    const known = digestOf(content)
    const file = packed.get(known) ?? join(mkdtempSync(join(root, 'content-')), 'archive')
    if (!packed.has(known)) pack(dirname(file), content, file)
    packed.set(known, file)
    return file
  }
  return {
    traits: TRAITS,
    offers: ['dispose', 'scan'],
    required: conformanceCaseNames.filter(
      (name) =>
        /^(?:scan|key|list(?!-order|-after|-versions))-/.test(name) && !['key-bytes', 'key-drive'].includes(name),
    ),
    // More than a page of 1,000.
    manyObjects: 1_100,
    largeBytes: 1_048_576,
    open: async (content) => open(packOnce(content)),
    ...more,
  }
}

const tar = harnessOf(packTar, (path) => tarArchive({ path }), {
  canHold: ({ key }) => noDrive(key),
})

registerConformance(sourceConformance(tar), { describe, it }, 'a compressed tar archive')
registerConformance(
  sourceConformance(
    harnessOf(packZip, (path) => zipArchive({ path }), {
      traits: { ...TRAITS, listingDigests: [{ algorithm: 'crc32', provenance: 'claimed' }] },
      canHold: ({ key, keyBytes }) =>
        keyBytes === undefined ? noDrive(key) : 'zipfile of Python writes names that are Unicode only',
    }),
  ),
  { describe, it },
  'a zip archive',
)
