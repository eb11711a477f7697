import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import {
  createNdjsonWriter,
  type NdjsonHeader,
  type ObjectFinding,
  type RowWriter,
  type RunResult,
} from '@backproof/core/report'
import type { OutputChoices } from '../args/output-choices.js'
import { usageError } from '../args/usage-error.js'
import type { Parties } from './parties.js'
import { outputError, writeStdout } from './stdout.js'
import { styleFor } from './style.js'
import { findingRow } from './table.js'

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
