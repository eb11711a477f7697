import { createHash } from 'node:crypto'
import { BackupError } from '@backproof/core/errors'
import type { AzureAdmin, BlobOptions } from './admin-options.js'
import { createSequence, makeBlob } from './make-blob.js'
import {
  type AccountState,
  type BlobSelector,
  type Container,
  findBlob,
  namesInOrder,
  type StoredBlob,
} from './store.js'

const MAX_NAME = 1024

export const createAdmin = (state: AccountState): AzureAdmin => {
  const sequence = createSequence()
  const containerNamed = (name: string): Container => {
    const container = state.containers.get(name)
    if (container === undefined) throw missing(`The test server has no container ${name}. Create it first.`)
    return container
  }
  const find = (name: string, blob: string, selector: BlobSelector): [StoredBlob[], StoredBlob] => {
    const container = containerNamed(name)
    const found = findBlob(container, blob, selector)
    if (found === undefined) throw missing(`The container ${name} of the test server has no such blob: ${blob}`)
    return [container.blobs.get(blob)!, found]
  }
  const add = (container: Container, blob: StoredBlob): void => {
    const states = container.blobs.get(blob.name) ?? []
    // Snapshots and versions stay with the new blob; the blob that was there becomes a version, or is gone.
    const kept = states
      .filter((one) => !one.current || (state.versioning && !one.uncommitted))
      .map((one) => (one.current ? { ...one, current: false } : one))
    if (states.length === 0) container.order = undefined
    container.blobs.set(blob.name, [...kept, blob])
  }
  const put = async (container: Container, name: string, bytes: Uint8Array, options: BlobOptions) => {
    for (const parent of state.hierarchical ? parentsOf(name) : [])
      if (!container.blobs.has(parent))
        add(container, await makeBlob(state, sequence, parent, Buffer.alloc(0), { directory: true }))
    const blob = await makeBlob(state, sequence, name, bytes, options)
    add(container, blob)
    return { etag: blob.etag, versionId: blob.versionId }
  }

  return {
    createContainer: ({ name, access, metadata = {} }) => {
      if (state.containers.has(name)) throw invalid(`The test server has a container ${name} already.`)
      const lastModified = Math.floor(state.now() / 1000) * 1000
      const etag = sequence.etag()
      state.containers.set(name, { name, access, etag, lastModified, metadata, blobs: new Map(), order: undefined })
    },
    put: async (name, blob, bytes, options = {}) => {
      const container = containerNamed(name)
      if (blob === '' || blob.length > MAX_NAME || !blob.isWellFormed())
        throw invalid(`Azure has no such blob name: ${JSON.stringify(blob)}. It takes 1 to 1,024 characters.`)
      if (options.type === 'PageBlob' && bytes.length % 512 !== 0)
        throw invalid(`A page blob has a multiple of 512 bytes, not ${bytes.length}.`)
      return await put(container, blob, bytes, options)
    },
    takeSnapshot: (name, blob) => {
      const [states, found] = find(name, blob, {})
      const snapshot = sequence.stamp(state.now())
      // Behind earlier snapshots and versions, before the blob itself.
      states.splice(states.indexOf(found), 0, { ...found, bytes: Buffer.from(found.bytes), current: false, snapshot })
      return snapshot
    },
    remove: (name, blob, selector = {}) => {
      const [states, found] = find(name, blob, selector)
      const isBase = selector.versionId === undefined && selector.snapshot === undefined
      const at = states.indexOf(found)
      if (isBase && state.versioning) states[at] = { ...found, current: false }
      else if (state.softDeleteDays !== undefined) states[at] = { ...found, current: false, deletedAt: state.now() }
      else states.splice(at, 1)
      const container = containerNamed(name)
      if (states.length > 0) return
      container.blobs.delete(blob)
      container.order = undefined
    },
    corrupt: (name, blob, offset, selector = {}) => {
      const [, { bytes }] = find(name, blob, selector)
      const before = bytes[offset]
      if (before === undefined) throw invalid(`Offset ${offset} is beyond the ${bytes.length} bytes of ${blob}.`)
      bytes[offset] = before ^ 1
    },
    dropTail: (name, blob, bytes, selector = {}) => {
      const [states, found] = find(name, blob, selector)
      if (bytes < 0 || bytes > found.bytes.length)
        throw invalid(`${blob} has ${found.bytes.length} bytes; ${bytes} cannot be lost.`)
      states[states.indexOf(found)] = { ...found, lostTail: bytes }
    },
    snapshot: (name) => {
      const container = containerNamed(name)
      return namesInOrder(container, state.hierarchical)
        .flatMap((blob) => container.blobs.get(blob)!)
        .map((blob) => ({
          name: blob.name,
          versionId: blob.versionId,
          snapshot: blob.snapshot,
          deleted: blob.deletedAt !== undefined,
          etag: blob.etag,
          lastModified: new Date(blob.lastModified).toISOString(),
          sha256: createHash('sha256').update(blob.bytes).digest('hex'),
        }))
    },
  }
}

/** Directories above a name, the uppermost first. */
const parentsOf = (name: string): readonly string[] => {
  const parents: string[] = []
  for (let at = name.indexOf('/'); at > 0; at = name.indexOf('/', at + 1)) parents.push(name.slice(0, at))
  return parents
}

const invalid = (message: string): BackupError =>
  new BackupError({ code: 'invalid-config', message, provider: 'test-servers', operation: 'admin' })

const missing = (message: string): BackupError =>
  new BackupError({ code: 'not-found', message, provider: 'test-servers', operation: 'admin' })
