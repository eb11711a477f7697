import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type BasicType, parquetWriteBuffer } from 'hyparquet-writer'
import { onTestFinished } from 'vitest'

/** What a row says, by the name of its column; what a column says of no row is not written. */
export type Row = Readonly<Record<string, string>>

/** A list as a service would write it. */
export interface ListToWrite {
  readonly rows: readonly Row[]
  /** Default CSV. */
  readonly format?: 'csv' | 'parquet' | undefined
  /** Default: all that the platform has. */
  readonly columns?: readonly string[] | undefined
  /** How many files the rows are in. Default 1. */
  readonly files?: number | undefined
  /** Members of the manifest that are other than those of a whole list. */
  readonly manifest?: Readonly<Record<string, unknown>> | undefined
}

/** A directory that is there until the test has ended. */
export const tempDirectory = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'backproof-inventory-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

/** Writes a file below a directory, with the directories that it needs. */
export const writeKey = (root: string, key: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(join(root, key)), { recursive: true })
  writeFileSync(join(root, key), content)
}

/** The rows of each of so many files. */
export const inParts = (rows: readonly Row[], files: number): (readonly Row[])[] => {
  const each = Math.ceil(rows.length / files)
  return Array.from({ length: files }, (_, i) => rows.slice(i * each, (i + 1) * each))
}

/** A file of Parquet with these rows. @param types Of the columns that are no texts. */
export const parquetOf = (
  columns: readonly string[],
  rows: readonly Row[],
  types: Readonly<Record<string, BasicType>>,
): Buffer => {
  const columnData = columns.map((name) => {
    const type = types[name] ?? 'STRING'
    return { name, type, data: rows.map((row) => cellOf(row[name], type)) }
  })
  return Buffer.from(parquetWriteBuffer({ columnData }))
}

const cellOf = (text: string | undefined, type: BasicType): string | bigint | Date | boolean | undefined => {
  if (text === undefined || text === '') return undefined
  if (type === 'INT64') return BigInt(text)
  if (type === 'TIMESTAMP') return new Date(text)
  return type === 'BOOLEAN' ? text === 'true' : text
}
