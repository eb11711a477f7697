import fc from 'fast-check'
import type { AnyMember, AnyMembers } from '../../src/history/member.js'
import type { HistoryRow } from '../../src/history/row.js'
import { capacityRow, drillRow, jobRunRow, recoveryPointRow } from '../../src/history/rows.js'

/** What files and systems call things: any text, also with lone surrogates, controls and what looks like a line's end. */
const hostileText = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }),
  fc.constantFrom(
    '\udc80\udcff',
    '\u2028',
    '\r\n',
    '\ufeff',
    '"\\',
    '\u0000',
    '__proto__',
    '\u202egnp',
    '\u001b[31m',
    ' ',
  ),
)

const times = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 })

const arbitraryOf = (member: AnyMember): fc.Arbitrary<unknown> => {
  switch (member.kind) {
    case 'name':
      return hostileText
    case 'text':
      return fc.oneof(hostileText, fc.constant(''))
    case 'texts':
      return fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 })
    case 'flag':
      return fc.boolean()
    case 'time':
      return times
    case 'time-or-never':
      return fc.oneof(times, fc.constant('never'))
    case 'count':
      return fc.maxSafeNat()
    case 'number':
      return fc.double({ min: 0, max: member.max ?? Number.MAX_VALUE, noNaN: true }).map((value) => value + 0)
    case 'choice':
      return fc.constantFrom(...member.words)
    case 'record':
      return objectOf(member.members)
  }
}

/** Items as they may be in memory: members that may be left out are, or are `null`. */
export const objectOf = (members: AnyMembers): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .record(
      Object.fromEntries(
        Object.entries(members).map(([name, member]) => [
          name,
          member.required
            ? arbitraryOf(member)
            : fc.oneof({ weight: 4, arbitrary: arbitraryOf(member) }, fc.constant(null)),
        ]),
      ),
      { requiredKeys: Object.keys(members).filter((name) => members[name]!.required) },
    )
    .map((object) => ({ ...object }))

export const itemOf = <T>({ members }: HistoryRow<T>): fc.Arbitrary<T> =>
  objectOf(members as unknown as AnyMembers) as unknown as fc.Arbitrary<T>

/** All rows, with the type of their items forgotten: what holds for one holds for all. */
export const ROWS: readonly HistoryRow<unknown>[] = [
  jobRunRow,
  recoveryPointRow,
  drillRow,
  capacityRow,
] as unknown as readonly HistoryRow<unknown>[]
