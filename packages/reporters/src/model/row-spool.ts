import { StringDecoder } from 'node:string_decoder'
import { jsonLine } from '@backproof/core/report'
import { createSpillStore } from '@backproof/core/run'

/** Rows of a run, kept where they take no memory: they can be read again and again, in their order. */
export interface RowSpool<F> {
  readonly add: (findings: readonly F[]) => Promise<void>
  /** What was added so far, page by page. Several readers at once do not disturb each other. */
  readonly rows: () => AsyncGenerator<readonly F[]>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

export interface RowSpoolOptions {
  /** Where the temporary file goes. Default: that of the system. */
  readonly tempDirectory?: string | undefined
}

/** Bytes that are kept in memory before a file is needed. */
const IN_MEMORY = 4 * 1024 * 1024
const READ_BYTES = 256 * 1024

/** Plain data only. The file has no name: it is gone with the process, whatever ends it. */
export const createRowSpool = <F>({ tempDirectory }: RowSpoolOptions = {}): RowSpool<F> => {
  const store = createSpillStore(IN_MEMORY, tempDirectory)
  return {
    add: async (findings) => {
      if (findings.length === 0) return
      store.append(Buffer.from(findings.map((finding) => `${jsonLine(finding)}\n`).join('')))
      await store.settle()
    },
    rows: async function* () {
      const chunk = Buffer.allocUnsafe(READ_BYTES)
      const decoder = new StringDecoder('utf8')
      const end = store.size()
      let rest = ''
      for (let at = 0; at < end; ) {
        const taken = await store.read(chunk, at)
        at += taken
        const lines = (rest + decoder.write(chunk.subarray(0, taken))).split('\n')
        rest = lines.pop() ?? ''
        if (lines.length > 0) yield lines.map((line) => JSON.parse(line) as F)
      }
    },
    [Symbol.asyncDispose]: () => store.close(),
  }
}
