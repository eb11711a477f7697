/** Records of a pax extended header, in order. Values have one byte a character. */
export type PaxRecords = readonly (readonly [name: string, value: string])[]

/**
 * Records `"%d %s=%s\n"` (POSIX.1-2001, pax Extended Header), where the number counts all bytes of the record. `undefined`
 * for anything else: a record that cannot be read hides what all later ones say.
 */
export const parsePaxRecords = (bytes: Buffer): PaxRecords | undefined => {
  const records: [string, string][] = []
  let at = 0
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at)
    if (space === -1 || space === at || space - at > 10) return undefined
    const digits = bytes.toString('latin1', at, space)
    const end = at + Number(digits)
    if (!/^[0-9]+$/.test(digits) || end > bytes.length || end <= space + 1 || bytes[end - 1] !== 0x0a) return undefined
    const equals = bytes.indexOf(0x3d, space + 1)
    if (equals === -1 || equals >= end) return undefined
    records.push([bytes.toString('latin1', space + 1, equals), bytes.toString('latin1', equals + 1, end - 1)])
    at = end
  }
  return records
}

/** Global records with those of later headers over them. An empty value takes a record back. */
export const overlaid = (base: ReadonlyMap<string, string>, records: PaxRecords): Map<string, string> => {
  const result = new Map(base)
  for (const [name, value] of records) {
    if (value === '') result.delete(name)
    else result.set(name, value)
  }
  return result
}

/** A whole number from 0 that JavaScript holds exactly. */
export const paxInteger = (text: string): number | undefined => {
  const value = Number(text)
  return /^[0-9]+$/.test(text) && Number.isSafeInteger(value) ? value : undefined
}

/** Nanoseconds since 1970 of a time in seconds with any number of decimals; further ones are cut off. */
export const paxTimeNs = (text: string): bigint | undefined => {
  const parts = /^(-?)([0-9]{1,18})(?:\.([0-9]*))?$/.exec(text)
  if (parts === null) return undefined
  const [, sign, seconds = '0', decimals = ''] = parts
  const ns = BigInt(seconds) * 1_000_000_000n + BigInt(decimals.slice(0, 9).padEnd(9, '0'))
  return sign === '-' ? -ns : ns
}
