import type { BigIntStatsFs } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { type CapacitySample, type CapacitySource, capacitySamples } from '@backproof/core/history'
import { abortable } from '@backproof/core/run'
import { escapeKey, keyToBytes, showValue } from '@backproof/core/source'
import { invalidConfig, localError, systemError } from '../errors.js'
import { absolutePath, checkNames } from '../options.js'

export interface DiskCapacityOptions {
  /** Any file or directory of the file system. */
  readonly path: string
  /** Id of the store in the policy. */
  readonly store: string
}

/**
 * How full the file system of a path is: one sample, at the clock of the run. The history of it is whatever else is given beside it,
 * for example `capacityLines` of samples that were kept.
 *
 * `limitBytes` is what is used and what may still be used: blocks that are kept for the superuser are in neither, as `df` shows it.
 * Inodes are told where the file system has a fixed number of them.
 *
 * Rejects with `not-found`, `access-denied` or another error of the file system.
 */
export const diskCapacity = (options: DiskCapacityOptions): CapacitySource => {
  checkNames('diskCapacity', options, ['path', 'store'])
  const { store } = options
  const path = absolutePath('diskCapacity', options.path)
  if (typeof store !== 'string' || store === '')
    throw invalidConfig(`diskCapacity: store is ${showValue(store)}; it must be the id of a store.`)
  const sampled = async (now: number, signal: AbortSignal): Promise<CapacitySample> => {
    // A server that does not answer keeps its caller waiting for ever.
    return sampleOf(store, path, now, await abortable(askFileSystem(path), signal))
  }
  return {
    specVersion: 'v1',
    id: `the disk of ${escapeKey(path)}`,
    history: capacitySamples,
    describe: async ({ now, signal }) => {
      await sampled(now, signal)
      return { order: 'target-time', source: `statfs ${escapeKey(path)}`, observedAt: now }
    },
    read: async function* ({ now, signal }) {
      yield [await sampled(now, signal)]
    },
  }
}

const askFileSystem = async (path: string): Promise<BigIntStatsFs> => {
  try {
    return await statfs(Buffer.from(keyToBytes(path)), { bigint: true })
  } catch (error) {
    throw systemError(error, 'statfs', path)
  }
}

const sampleOf = (
  store: string,
  path: string,
  at: number,
  { bsize, blocks, bfree, bavail, files, ffree }: BigIntStatsFs,
): CapacitySample => {
  // File systems of the kernel's own (/proc, /sys) have no size, and what has none is never full.
  if (blocks <= 0n)
    throw localError(
      'unsupported',
      'statfs',
      path,
      `The file system of ${escapeKey(path)} tells no size; give a path on the disk itself.`,
    )
  const used = (blocks - bfree) * bsize
  return {
    store,
    at,
    usedBytes: Number(used),
    limitBytes: Number(used + bavail * bsize),
    usedObjects: files > 0n ? Number(files - ffree) : null,
    limitObjects: files > 0n ? Number(files) : null,
  }
}
