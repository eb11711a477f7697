import type { HistorySource, HistoryTraits } from '../../src/audit/history.js'

export const NOW: number = Date.UTC(2026, 10, 22, 12)

const options = { signal: new AbortController().signal, now: NOW }

/** What a history says of itself, and all of its items. */
export const readAll = async <T>(source: HistorySource<T>): Promise<{ traits: HistoryTraits; items: T[] }> => {
  const traits = await source.describe(options)
  return { traits, items: await readItems(source) }
}

export const readItems = async <T>(source: HistorySource<T>): Promise<T[]> => {
  const items: T[] = []
  for await (const page of source.read(options)) items.push(...page)
  return items
}
