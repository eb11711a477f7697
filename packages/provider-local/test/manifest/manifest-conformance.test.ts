import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import {
  type ConformanceHarness,
  conformanceCaseNames,
  type MemoryContent,
  memorySource,
  registerConformance,
  sourceConformance,
} from '@backproof/core/testing'
import { manifestFile, writeManifest } from '@backproof/provider-local'
import { describe, it } from 'vitest'

const harness = (): ConformanceHarness => {
  let root: string | undefined
  return {
    traits: {
      keyOrder: 'utf8',
      access: 'random',
      pinning: 'none',
      listingDigests: [{ algorithm: 'sha256', provenance: 'recorded' }],
      statDigests: [],
      rangeReads: false,
      versions: false,
      readCost: 'impossible',
    },
    offers: ['dispose'],
    required: conformanceCaseNames.filter((name) => /^(?:list(?!-versions)|key|listing)-/.test(name)),
    canHold: () => true,
    open: async (content) => {
      const objects = content.map(({ key, bytes, linkTarget }): [string, MemoryContent] => [
        key,
        linkTarget === undefined ? bytes : { kind: 'symlink', linkTarget },
      ])
      root = mkdtempSync(join(tmpdir(), 'backproof-conformance-'))
      const path = join(root, 'manifest')
      const sink = createWriteStream(path)
      await writeManifest(memorySource(objects), sink)
      sink.end()
      await finished(sink)
      return manifestFile({ path })
    },
    close: async () => {
      if (root !== undefined) rmSync(root, { recursive: true })
      root = undefined
    },
  }
}

registerConformance(sourceConformance(harness()), { describe, it }, 'a manifest of ours')
