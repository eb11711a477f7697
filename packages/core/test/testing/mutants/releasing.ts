import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonValue, LocalFile } from '../../../src/source/index.js'
import type { MemorySource } from '../../../src/testing/index.js'
import { closeOne, disposal, openOne } from './handles.js'
import { but, type Mutant, withBodies } from './mutant.js'

/** A source of local files, whose bytes are those of a memory source. */
const withLocalFiles = (
  memory: MemorySource,
  change: (file: LocalFile, ref: JsonValue) => LocalFile | undefined,
): ReturnType<Mutant['make']> => {
  const root = mkdtempSync(join(tmpdir(), 'backproof-mutant-'))
  const files = new Map<string, LocalFile>()
  const write = (key: string): LocalFile => {
    const path = join(root, String(files.size))
    writeFileSync(path, memory.bytes(key))
    const { size, mtimeMs, ctimeMs, ino, dev } = statSync(path)
    return { path, pin: { size, mtimeMs, ctimeMs, ino, dev } }
  }
  return but(memory, {
    localFile: (ref) => {
      const { key } = ref as { readonly key: string }
      const file = files.get(key) ?? write(key)
      files.set(key, file)
      return change(file, ref)
    },
    [Symbol.asyncDispose]: async () => {
      await memory[Symbol.asyncDispose]?.()
      rmSync(root, { recursive: true, force: true })
    },
  })
}

const LOCAL = { harness: { offers: ['dispose', 'localFile'] } } as const

export const releasingMutants: readonly Mutant[] = [
  {
    name: 'forgets to close a listing that is left',
    caught: ['release-list'],
    make: (memory) =>
      but(memory, {
        list: async function* (options) {
          const fd = openOne()
          yield* memory.list(options)
          closeOne(fd)
        },
      }),
  },
  {
    name: 'forgets to close a body that is left',
    caught: ['release-read'],
    make: (memory) =>
      withBodies(memory, async function* ({ body }) {
        const fd = openOne()
        try {
          yield* body
        } catch (error) {
          closeOne(fd)
          throw error
        }
        closeOne(fd)
      }),
  },
  {
    name: 'opens in read and closes in a generator that may never start',
    caught: ['release-read-unstarted'],
    make: (memory) =>
      but(memory, {
        read: async (ref, options) => {
          const opened = await memory.read(ref, options)
          const fd = openOne()
          const body = async function* (): AsyncGenerator<Uint8Array> {
            try {
              yield* opened.body
            } finally {
              closeOne(fd)
            }
          }
          return { ...opened, body: body() }
        },
      }),
  },
  {
    name: 'forgets to close a body that is aborted',
    caught: ['release-aborted'],
    make: (memory) =>
      withBodies(memory, async function* ({ body }, signal) {
        const fd = openOne()
        try {
          yield* body
        } finally {
          if (signal?.aborted !== true) closeOne(fd)
        }
      }),
  },
  {
    name: 'keeps listening to a signal after a body',
    caught: ['release-read'],
    make: (memory) =>
      withBodies(memory, async function* ({ body }, signal) {
        signal?.addEventListener('abort', () => undefined)
        yield* body
      }),
  },
  {
    name: 'reads after it was disposed of',
    caught: ['dispose-ends'],
    make: (memory) => but(memory, { [Symbol.asyncDispose]: async () => undefined }),
  },
  {
    name: 'lists nothing after it was disposed of',
    caught: ['dispose-ends'],
    make: (memory) => {
      const { signal, dispose } = disposal(memory)
      return but(memory, {
        list: async function* (options) {
          if (!signal.aborted) yield* memory.list(options)
        },
        [Symbol.asyncDispose]: dispose,
      })
    },
  },
  {
    name: 'just ends a listing when it is disposed of',
    caught: ['dispose-during-list'],
    make: (memory) => {
      const { signal, dispose } = disposal(memory)
      return but(memory, {
        list: async function* (options) {
          for await (const page of memory.list(options)) {
            yield page
            if (signal.aborted) return
          }
        },
        [Symbol.asyncDispose]: dispose,
      })
    },
  },
  {
    name: 'just ends a body when it is disposed of',
    caught: ['dispose-during-read'],
    make: (memory) => {
      const { signal, dispose } = disposal(memory)
      const wrong = withBodies(memory, async function* ({ body }) {
        for await (const chunk of body) {
          yield chunk
          if (signal.aborted) return
        }
      })
      return but(wrong, { [Symbol.asyncDispose]: dispose })
    },
  },
  {
    name: 'cannot be disposed of twice',
    caught: ['dispose-twice'],
    make: (memory) => {
      let disposed = false
      return but(memory, {
        [Symbol.asyncDispose]: async () => {
          if (disposed) throw new Error('closed already')
          disposed = true
          await memory[Symbol.asyncDispose]?.()
        },
      })
    },
  },
  {
    name: 'has no disposal, although it was promised',
    caught: ['dispose-during-list', 'dispose-during-read', 'dispose-ends', 'dispose-twice', 'members-as-promised'],
    make: ({ [Symbol.asyncDispose]: _, ...memory }) => memory,
  },
  {
    name: 'gives the file of another object',
    caught: ['local-file'],
    ...LOCAL,
    make: (memory) => {
      let before: LocalFile | undefined
      return withLocalFiles(memory, (file) => {
        before ??= file
        return before
      })
    },
  },
  {
    name: 'pins files by other numbers than they have',
    caught: ['local-file'],
    ...LOCAL,
    make: (memory) =>
      withLocalFiles(memory, (file) => ({ ...file, pin: { ...file.pin, mtimeMs: Math.floor(file.pin.mtimeMs) - 1 } })),
  },
  {
    name: 'looks at the disk to tell a local file',
    caught: ['local-file-untouched'],
    ...LOCAL,
    make: (memory) =>
      withLocalFiles(memory, (file, ref) => {
        try {
          memory.bytes((ref as { readonly key: string }).key)
          return file
        } catch {
          return undefined
        }
      }),
  },
]
