import { BackupError } from '../../../src/errors.js'
import type { ObjectEntry } from '../../../src/source/index.js'
import { but, type Mutant, withEntries, withPages } from './mutant.js'

/** The source with changed keys, wherever they are told. */
const keyed =
  (change: (key: string) => string): Mutant['make'] =>
  (memory) =>
    withEntries(memory, (entry) => {
      const key = change(entry.key)
      return key === entry.key ? entry : { ...entry, key, keyBytes: undefined }
    })

export const listingMutants: readonly Mutant[] = [
  {
    name: 'lists two neighbours of its second page in the wrong order',
    caught: ['list-after', 'list-order'],
    make: (memory) =>
      withPages(memory, (page, index) =>
        index === 1 ? [[page[1]!, page[0]!, ...page.slice(2)].filter(Boolean)] : [page],
      ),
  },
  {
    name: 'lists in UTF-16 order and calls it UTF-8 order',
    caught: ['key-astral'],
    options: { order: 'utf16' },
    traits: { keyOrder: 'utf8' },
    make: (memory) =>
      but(memory, {
        describe: async (options) => Object.freeze({ ...(await memory.describe(options)), keyOrder: 'utf8' }),
      }),
  },
  {
    name: 'lists a key twice',
    caught: ['list-after', 'list-parallel', 'list-unique'],
    make: (memory) => withPages(memory, (page, index) => [index === 1 ? [page[0]!, ...page] : page]),
  },
  {
    name: 'loses a page',
    caught: ['list-after', 'list-complete', 'list-parallel'],
    make: (memory) => withPages(memory, (page, index) => (index === 1 ? [] : [page])),
  },
  {
    name: 'gives a page twice',
    caught: ['list-after', 'list-order', 'list-parallel', 'list-unique'],
    make: (memory) => withPages(memory, (page, index) => (index === 1 ? [page, page] : [page])),
  },
  {
    name: 'loses the last object of a full page',
    caught: ['list-after', 'list-complete', 'list-parallel'],
    make: (memory) => withPages(memory, (page) => [page.length === 20 ? page.slice(0, -1) : page]),
  },
  {
    name: 'stops after its first page',
    caught: ['list-after', 'list-complete', 'list-parallel'],
    make: (memory) => withPages(memory, (page, index) => (index === 0 ? [page] : [])),
  },
  {
    name: 'never stops listing',
    caught: ['list-after', 'list-complete', 'list-order', 'list-pages', 'list-parallel', 'list-unique'],
    harness: { timeoutMs: 2_000 },
    make: (memory) =>
      but(memory, {
        list: async function* (options) {
          let last: readonly ObjectEntry[] = []
          let index = 0
          for await (const page of memory.list(options)) {
            last = page
            index += 1
            yield page
          }
          while (index > 1) yield last
        },
      }),
  },
  {
    name: 'gives empty pages between others',
    caught: ['list-pages'],
    make: (memory) => withPages(memory, (page) => [page, []]),
  },
  {
    name: 'gives an empty page where nothing is',
    caught: ['list-empty'],
    make: (memory) =>
      but(memory, {
        list: async function* (options) {
          let any = false
          for await (const page of memory.list(options)) {
            any = true
            yield page
          }
          if (!any && options?.after === undefined && options?.range === undefined) yield []
        },
      }),
  },
  {
    name: 'fails where nothing is',
    caught: ['list-empty'],
    make: (memory) =>
      but(memory, {
        list: async function* (options) {
          let any = options?.after !== undefined || options?.range !== undefined
          for await (const page of memory.list(options)) {
            any = true
            yield page
          }
          if (!any) throw new BackupError({ code: 'not-found', message: 'nothing there' })
        },
      }),
  },
  {
    name: 'shares one position between two listings',
    caught: ['list-parallel'],
    make: (memory) => {
      const running = new Set<object>()
      return but(memory, {
        list: async function* (options) {
          const self = {}
          running.add(self)
          try {
            let index = 0
            for await (const page of memory.list(options)) if (running.size < 2 || index++ % 2 === 0) yield page
          } finally {
            running.delete(self)
          }
        },
      })
    },
  },
  {
    name: 'resumes with the key itself instead of the one after it',
    caught: ['list-after'],
    make: (memory) =>
      but(memory, {
        list: ({ after, ...options } = {}) =>
          memory.list(after === undefined ? options : { ...options, range: { from: after } }),
      }),
  },
  {
    name: 'starts anew instead of resuming',
    caught: ['list-after'],
    make: (memory) => but(memory, { list: ({ after: _, ...options } = {}) => memory.list(options) }),
  },
  {
    name: 'leaves the first key of a range out',
    caught: ['list-range'],
    make: (memory) =>
      but(memory, {
        list: ({ range, ...options } = {}) =>
          memory.list(
            range?.from === undefined
              ? { ...options, range }
              : { ...options, after: range.from, range: { to: range.to } },
          ),
      }),
  },
  {
    name: 'lists although it was aborted',
    caught: ['abort-list-before', 'abort-list-during'],
    make: (memory) => but(memory, { list: ({ signal: _, ...options } = {}) => memory.list(options) }),
  },
  {
    name: 'looks at its signal only before the first page',
    caught: ['abort-list-during'],
    make: (memory) =>
      but(memory, {
        list: async function* ({ signal, ...options } = {}) {
          signal?.throwIfAborted()
          yield* memory.list(options)
        },
      }),
  },
  {
    name: 'ends an aborted listing as if it were complete',
    caught: ['abort-list-before', 'abort-list-during'],
    make: (memory) =>
      but(memory, {
        list: async function* ({ signal, ...options } = {}) {
          for await (const page of memory.list(options)) {
            if (signal?.aborted === true) return
            yield page
          }
        },
      }),
  },
  {
    name: 'lowercases keys',
    caught: [
      'key-case',
      'key-percent',
      'key-unicode-forms',
      'list-after',
      'list-complete',
      'list-order',
      'list-parallel',
      'list-range',
      'list-unique',
    ],
    make: keyed((key) => key.toLowerCase()),
  },
  {
    name: 'normalises keys',
    caught: ['key-unicode-forms'],
    make: keyed((key) => key.normalize('NFC')),
  },
  {
    name: 'trims keys',
    caught: ['key-invisible', 'key-newline', 'key-spaces'],
    make: keyed((key) => key.trim() || '_'),
  },
  { name: 'strips drives', caught: ['key-drive'], make: keyed((key) => key.replace(/^[a-z]:[\\/]/, '')) },
  { name: 'strips quotes', caught: ['key-quotes'], make: keyed((key) => key.replace(/['"`]/g, '')) },
  { name: 'decodes percent signs in keys', caught: ['key-percent'], make: keyed(unescapeSome) },
  {
    name: 'takes backslashes for slashes',
    caught: ['key-backslash', 'key-drive'],
    make: keyed((key) => key.replaceAll('\\', '/')),
  },
  {
    name: 'strips a dot at the end, as Windows does',
    caught: ['key-dots'],
    make: keyed((key) => key.replace(/\.+$/, '') || '_'),
  },
  { name: 'strips a dash in front', caught: ['key-dash'], make: keyed((key) => key.replace(/^-+/, '') || '_') },
  { name: 'cuts long names', caught: ['key-long-name', 'key-long-path'], make: keyed((key) => key.slice(0, 200)) },
  {
    name: 'strips invisible characters',
    caught: ['key-invisible'],
    make: keyed((key) => key.replace(/[\u200b\ufeff]/g, '')),
  },
  {
    name: 'replaces control characters',
    caught: ['key-control', 'key-newline'],
    make: keyed((key) => key.replace(/\p{Cc}/gu, '?')),
  },
  {
    name: 'loses characters beyond U+FFFF',
    caught: ['key-astral'],
    make: keyed((key) => key.replace(/[\u{10000}-\u{10ffff}]/gu, '?')),
  },
  { name: 'replaces bytes that are not UTF-8', caught: ['key-bytes'], make: keyed((key) => key.toWellFormed()) },
  {
    name: 'gives no bytes of keys that are not UTF-8',
    caught: ['key-bytes'],
    make: (memory) => withEntries(memory, (entry) => ({ ...entry, keyBytes: undefined })),
  },
  {
    name: 'drops a key that it cannot show',
    caught: ['key-newline'],
    make: (memory) =>
      withPages(memory, (page) => {
        const left = page.filter(({ key }) => !key.includes('\n'))
        return left.length === 0 ? [] : [left]
      }),
  },
  {
    name: 'lists directories as objects',
    caught: ['list-after', 'list-complete', 'list-kinds', 'list-order', 'list-parallel'],
    make: (memory) =>
      withPages(memory, (page) => [
        page.flatMap((entry) =>
          entry.key === 'b/c' || entry.key === 'b/c/d'
            ? [{ ...entry, key: 'b/', kind: 'special' as const }, entry]
            : [entry],
        ),
      ]),
  },
  {
    name: 'follows symbolic links',
    caught: ['list-links'],
    make: (memory) =>
      withEntries(memory, (entry) => (entry.kind === 'symlink' ? { ...entry, kind: 'object' as const } : entry)),
  },
  {
    name: 'resolves the targets of symbolic links',
    caught: ['list-links'],
    make: (memory) =>
      withEntries(memory, (entry) =>
        entry.linkTarget === undefined ? entry : { ...entry, linkTarget: `/srv/${entry.linkTarget}` },
      ),
  },
  {
    name: 'lists sizes in whole blocks',
    caught: ['list-sizes', 'stat-agrees'],
    make: (memory) =>
      withPages(memory, (page) => [
        page.map((entry) => (entry.size === undefined ? entry : { ...entry, size: Math.ceil(entry.size / 512) * 512 })),
      ]),
  },
  {
    name: 'marks every object with a problem',
    caught: ['list-kinds'],
    make: (memory) =>
      withEntries(memory, (entry) => ({ ...entry, problem: { code: 'access-denied', message: 'hidden' } as const })),
  },
]

function unescapeSome(key: string): string {
  return key.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
