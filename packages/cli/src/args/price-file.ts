import { readFileSync, statSync } from 'node:fs'
import { type PriceTable, parsePrices } from '@backproof/core/evidence'
import { escapeKey } from '@backproof/core/source'
import { usageError } from './usage-error.js'

/** Larger than any table of prices: what is larger was named by mistake. */
const LARGEST = 10 * 1024 * 1024

/** The prices in a JSON file. */
export const readPriceFile = (path: string): PriceTable => {
  const name = escapeKey(path)
  const { size } = statSync(path)
  if (size > LARGEST)
    throw usageError(`${name} has ${size} bytes: it is no table of prices`, 'Name a JSON file of prices by URI.')
  return parsePrices(parsed(readFileSync(path, 'utf8'), name), name)
}

const parsed = (text: string, name: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw usageError(
      `${name} is no JSON: ${error instanceof Error ? error.message : String(error)}`,
      'It has to hold prices by URI, such as {"s3://backups": {"currency": "USD", ...}}.',
    )
  }
}
