import { createWriteStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import {
  createNdjsonWriter,
  type NdjsonHeader,
  type ObjectFinding,
  type RowWriter,
  type RunResult,
} from '@backproof/core/report'
import { escapeKey } from '@backproof/core/source'
import { findingRow } from '@backproof/reporters/terminal'
import { styleFor } from '@backproof/reporters/text'
import type { OutputChoices } from '../args/output-choices.js'
import { usageError } from '../args/usage-error.js'
import type { Parties } from './parties.js'
import { outputError, writeStdout } from './stdout.js'

/** Where findings go as they come, before there is a report. */
export interface Rows<F = ObjectFinding, R = RunResult> {
  add(findings: readonly F[]): Promise<void>
  /** Resolves when everything is on file. */
  end(result: R): Promise<void>
}

/**
 * Opens what was asked for with `--ndjson` and `--show all`, before the run starts: finding out after hours that a file
 * cannot be written helps nobody. Every failure is an error with exit code 70.
 */
export const openRows = async (choices: OutputChoices, parties: Parties, header: NdjsonHeader): Promise<Rows> => {
  const all: readonly Rows[] = [
    ...(choices.ndjson === undefined
      ? []
      : [await ndjsonRows(choices.ndjson, (sink) => createNdjsonWriter(sink, header))]),
    ...(choices.showAll ? [textRows(parties)] : []),
  ]
  return {
    add: async (findings) => {
      for (const rows of all) await rows.add(findings)
    },
    end: async (result) => {
      for (const rows of all) await rows.end(result)
    },
  }
}

/** Findings go to each of them, in turn. */
export const both = <F>(...all: readonly Pick<Rows<F, unknown>, 'add'>[]): Pick<Rows<F, unknown>, 'add'> => ({
  add: async (findings) => {
    for (const rows of all) await rows.add(findings)
  },
})

/** Rows of any run as lines of JSON. Every failure is an error with exit code 70. */
export const ndjsonRows = async <F, R>(
  path: string,
  writerOf: (sink: Writable) => RowWriter<F, R>,
): Promise<Rows<F, R>> => {
  if (path === '-') throw usageError('--ndjson needs a file', 'For standard output: --quiet --ndjson /dev/stdout.')
  const told = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: Error) => {
      throw outputError(path, error)
    })
  if (!(await told(mayBeReplaced(path))))
    throw usageError(
      `--ndjson ${escapeKey(path)}: there is a file which holds something else`,
      'It would be lost. Name another file, or remove this one.',
    )
  const file = createWriteStream(path, { fd: await told(open(path, 'w')) })
  const writer = writerOf(file)
  return {
    add: (findings) => told(writer.write(findings)),
    end: async (result) => {
      await told(writer.end(result))
      file.end()
      await told(finished(file))
    },
  }
}

/** How rows of any run begin. */
const ROWS = /^\{"schema":"backproof\.[a-z]+\/v\d+","type":"header"/

/** Earlier rows are replaced; a slip of the keyboard must not cost a policy, a history, a manifest or what is compared. */
const mayBeReplaced = async (path: string): Promise<boolean> => {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (found === undefined || !found.isFile() || found.size === 0) return true
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0)
    return ROWS.test(buffer.toString('utf8', 0, bytesRead))
  } finally {
    await file.close()
  }
}

/** Wide enough for most keys: rows come before the widest key is known. */
const KEY_COLUMNS = 40

const textRows = (parties: Parties): Rows => ({
  add: (findings) =>
    writeStdout(
      findings
        .map((finding) => `${findingRow(finding, parties, styleFor(process.stdout), KEY_COLUMNS).join('\n')}\n`)
        .join(''),
    ),
  end: () => writeStdout('\n'),
})
