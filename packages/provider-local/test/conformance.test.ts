import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { keyToBytes, type SourceTraits } from '@backproof/core/source'
import {
  type ConformanceHarness,
  type ConformanceObject,
  conformanceCaseNames,
  registerConformance,
  sourceConformance,
} from '@backproof/core/testing'
import { checksumManifest, localDirectory } from '@backproof/provider-local'
import { afterAll, describe, it } from 'vitest'

const TRAITS: SourceTraits = {
  keyOrder: 'utf8',
  access: 'random',
  pinning: 'etag',
  listingDigests: [],
  statDigests: [],
  rangeReads: true,
  versions: false,
  readCost: 'free',
}

/** What a directory cannot be asked; everything else must not be skipped. */
const NOT_OF_DIRECTORIES =
  /^(?:scan-|abort-scan|preflight-|abort-preflight|release-scan|dispose-during-scan|list-versions|errors-secret|read-impossible|(?:listing|stat)-digests$)/

interface Place {
  root(): string
  pathOf(key: string): Buffer
  close(): Promise<void>
}

/** A place below a directory that is made for each source. */
const temporary = (): Place => {
  let made: string | undefined
  const root = (): string => (made ??= mkdtempSync(join(tmpdir(), 'backproof-conformance-')))
  return {
    root,
    pathOf: (key) => Buffer.concat([Buffer.from(`${root()}/`), keyToBytes(key)]),
    close: async () => {
      if (made !== undefined) rmSync(made, { recursive: true })
      made = undefined
    },
  }
}

const directoryHarness = (how: 'in place' | 'by rename'): ConformanceHarness => {
  const small = temporary()
  // Thousands of files, which several cases only list: written once.
  const large = temporary()
  let kept: readonly ConformanceObject[] | undefined
  let place = small
  afterAll(large.close)
  const write = ({ key, bytes, linkTarget }: ConformanceObject): void => {
    mkdirSync(Buffer.from(dirname(place.pathOf(key).toString('latin1')), 'latin1'), { recursive: true })
    if (linkTarget === undefined) writeFileSync(place.pathOf(key), bytes)
    else symlinkSync(linkTarget, place.pathOf(key))
  }
  /** What was changed is not kept. */
  const change = (): Place => {
    if (place === large) kept = undefined
    return place
  }
  return {
    traits: TRAITS,
    offers: ['dispose', 'localFile'],
    required: conformanceCaseNames.filter((name) => !NOT_OF_DIRECTORIES.test(name)),
    canHold: () => true,
    open: async (content) => {
      place = content.length > 1_000 ? large : small
      if (place === small || kept === undefined || !isDeepStrictEqual(kept, content)) {
        if (place === large) {
          await large.close()
          kept = content
        }
        for (const object of content) write(object)
      }
      return localDirectory({ path: place.root() })
    },
    replace: async (key, bytes) => {
      const { pathOf } = change()
      if (how === 'in place') return writeFileSync(pathOf(key), bytes)
      const next = pathOf('.next')
      writeFileSync(next, bytes)
      renameSync(next, pathOf(key))
    },
    remove: async (key) => rmSync(change().pathOf(key)),
    close: small.close,
  }
}

const manifestHarness = (): ConformanceHarness => {
  const place = temporary()
  return {
    traits: {
      ...TRAITS,
      keyOrder: 'none',
      pinning: 'none',
      listingDigests: [{ algorithm: 'sha256', provenance: 'recorded' }],
      rangeReads: false,
      readCost: 'impossible',
    },
    offers: ['dispose'],
    required: conformanceCaseNames.filter((name) =>
      /^(?:list(?!-after|-order|-links|-versions)|key|listing)-/.test(name),
    ),
    canHold: ({ linkTarget }) => linkTarget === undefined || 'a checksum file has no links',
    open: async (content) => {
      const path = join(place.root(), 'SHA256SUMS')
      writeFileSync(path, Buffer.concat(content.map(lineOf)))
      return checksumManifest({ path })
    },
    close: place.close,
  }
}

/** As coreutils writes it: a backslash in front of the line says that the name has escapes. */
const lineOf = ({ key, bytes }: ConformanceObject): Buffer => {
  const name = Buffer.from(keyToBytes(key)).toString('latin1')
  const escaped = name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
  const digest = createHash('sha256').update(bytes).digest('hex')
  return Buffer.from(`${escaped === name ? '' : '\\'}${digest}  ${escaped}\n`, 'latin1')
}

registerConformance(sourceConformance(directoryHarness('in place')), { describe, it }, 'a directory, written in place')
registerConformance(sourceConformance(directoryHarness('by rename')), { describe, it }, 'a directory, written anew')
registerConformance(sourceConformance(manifestHarness()), { describe, it }, 'a checksum file')
