import type { Asked, AskedHistory, Item } from './question.js'

const HOUR = 3_600_000

/** Natural numbers that choose: what is beyond the end begins again. */
export interface Dice {
  readonly way: number
  readonly history: number
  readonly item: number
  readonly member: number
  readonly value: number
}

/** One change of a question. */
export interface Change {
  readonly what: string
  /** The member that is not known any more. */
  readonly member?: string
  readonly asked: Asked
}

const pick = <T>(all: readonly T[], at: number): T | undefined => all[at % Math.max(1, all.length)]

const withHistory = (asked: Asked, at: number, change: (history: AskedHistory) => AskedHistory): Asked => ({
  ...asked,
  histories: asked.histories.map((history, i) => (i === at % asked.histories.length ? change(history) : history)),
})

const withItem = (history: AskedHistory, at: number, change: (item: Item) => readonly Item[]): AskedHistory => ({
  ...history,
  items: history.items.flatMap((item, i) => (i === at % history.items.length ? change(item) : [item])),
})

/** Members that say who, what and when: without them there is no item. */
const NEEDED = new Set(['id', 'asset', 'store', 'start', 'started', 'created', 'at', 'status', 'outcome', 'usedBytes'])
/** Of these, where `store` is only where it lies. */
const isNeeded = (name: string, { token }: AskedHistory): boolean =>
  NEEDED.has(name) && !(name === 'store' && token.target === 'asset')

const MOMENTS = [
  'start',
  'end',
  'alertedAt',
  'started',
  'ended',
  'created',
  'recoveryPointCreated',
  'dataAsOf',
  'lostAt',
  'at',
  'expires',
  'lockedUntil',
]

const moved = (item: Item, by: number): Item =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      MOMENTS.includes(name) && typeof value === 'number' ? value + by : value,
    ]),
  )

const timeOf = ({ token }: AskedHistory, item: Item): number => token.timeOf(item)

/** Makes another question of one: what may happen to histories, for better or worse. */
export const vary = (asked: Asked, { way, history: at, item: index, member, value }: Dice): Asked => {
  const history = pick(asked.histories, at)
  const item = history && pick(history.items, index)
  if (history === undefined || item === undefined) return asked
  const change = (made: (one: Item) => readonly Item[]): Asked =>
    withHistory(asked, at, (told) => withItem(told, index, made))
  const ways: readonly (() => Asked)[] = [
    () => change(() => []),
    () => change((one) => [one, { ...moved(one, ((value % 400) - 380) * HOUR), id: `${String(one['id'])}-again` }]),
    () => change((one) => [moved(one, ((value % 100) - 100) * HOUR)]),
    () => change((one) => [{ ...one, ...(pick(STATES[history.token.name] ?? [], value) ?? {}) }]),
    () => {
      const [name, old] = pick(Object.entries(item), member)!
      if (isNeeded(name, history) || MOMENTS.includes(name) || typeof old !== 'number') return asked
      return change((one) => [{ ...one, [name]: Math.round(old * [0, 0.5, 0.9, 1.1, 2, 10][value % 6]!) }])
    },
    () => withHistory(asked, at, (told) => ({ ...told, from: timeOf(told, item) - (value % 48) * HOUR })),
    () => withHistory(asked, at, (told) => ({ ...told, observedAt: asked.now - (value % 23) * HOUR })),
    () => change((one) => [{ ...one, plan: pick([null, 'nightly', 'weekly', 'other'], value) }]),
  ]
  return pick(ways, way)!()
}

const STATES: Readonly<Record<string, readonly Item[]>> = {
  'job.runs': ['success', 'warning', 'failed', 'running', 'cancelled', 'skipped', 'partial', 'unknown'].map(
    (status) => ({ status }),
  ),
  'recovery.points': [
    { complete: true },
    { complete: false },
    { complete: null },
    { keyUsable: true },
    { keyUsable: false },
    { keyUsable: null },
    { expires: 'never' },
  ],
  'restore.drills': [
    { outcome: 'succeeded', validation: 'successful' },
    { outcome: 'failed' },
    { outcome: 'cancelled' },
    { outcome: 'running', ended: null },
    { outcome: 'unknown' },
    { validation: 'validating' },
    { validation: 'timed-out' },
    { validation: 'none' },
    { isolated: true },
    { isolated: false },
  ],
}

/** Knows less than before, of the same world. */
export const forget = (asked: Asked, { way, history: at, item: index, member, value }: Dice): Change | undefined => {
  const history = pick(asked.histories, at)
  const item = history && pick(history.items, index)
  const ways: readonly (() => Change | undefined)[] = [
    () => {
      if (history === undefined || item === undefined) return undefined
      const name = pick(
        Object.keys(item).filter((one) => !isNeeded(one, history)),
        member,
      )
      if (name === undefined) return undefined
      const { [name]: _, ...rest } = item
      const without = value % 2 === 0 ? { ...item, [name]: null } : rest
      const what = value % 2 === 0 ? `${name} null` : `${name} left out`
      return {
        what,
        member: name,
        asked: withHistory(asked, at, (told) => withItem(told, index, () => [without])),
      }
    },
    () => {
      const name = item && (['status', 'outcome'] as const).find((one) => one in item)
      if (name === undefined) return undefined
      const asked2 = withHistory(asked, at, (told) => withItem(told, index, (one) => [{ ...one, [name]: 'unknown' }]))
      return { what: `${name} unknown`, member: name, asked: asked2 }
    },
    () => {
      const facts = Object.entries(asked.facts).filter(([, { state }]) => state === 'known')
      const [name, fact] = pick(facts, member) ?? []
      if (value % 2 === 0 && name !== undefined)
        return {
          what: `${name} partial`,
          asked: { ...asked, facts: { ...asked.facts, [name]: { ...fact!, partial: true } as never } },
        }
      if (history === undefined) return undefined
      return { what: 'history partial', asked: withHistory(asked, at, (told) => ({ ...told, partial: true })) }
    },
    () => {
      if (history === undefined || item === undefined) return undefined
      const from = timeOf(history, item) + (value % 2)
      if (from <= (history.from ?? Number.NEGATIVE_INFINITY) || from > (history.observedAt ?? asked.now))
        return undefined
      const cut = (told: AskedHistory): AskedHistory => ({
        ...told,
        from,
        items: told.items.filter((one) => timeOf(told, one) >= from),
      })
      return { what: 'beginning cut', asked: withHistory(asked, at, cut) }
    },
    () => {
      if (history === undefined) return undefined
      const observedAt = (history.observedAt ?? asked.now) - (1 + (value % 23)) * HOUR
      return { what: 'observed earlier', asked: withHistory(asked, at, (told) => ({ ...told, observedAt })) }
    },
  ]
  return pick(ways, way)!()
}

/** Tells of something more that cannot be, or is about something else. */
export const addNoise = (asked: Asked, { way, history: at, item: index, value }: Dice): Change | undefined => {
  const history = pick(asked.histories, at)
  const item = history && pick(history.items, index)
  if (history === undefined || item === undefined) return undefined
  const add = (what: string, more: Item): Change => ({
    what,
    asked: withHistory(asked, at, (told) => ({ ...told, items: [...told.items, more] })),
  })
  const ahead = asked.now + 300_001 + (value % 1_000) * 60_000
  if (way % 2 === 0) {
    const more = { ...moved(item, ahead - timeOf(history, item)), id: 'of-the-future', ...pick(GOOD, value) }
    return add('an item of the future', more)
  }
  const other = { ...item, [history.token.target]: 'somebody-else', id: 'of-somebody-else', ...pick(GOOD, value) }
  return add('an item of somebody else', other)
}

const GOOD: readonly Item[] = [
  {},
  { status: 'success', outcome: 'succeeded', validation: 'successful', complete: true },
  { status: 'failed', outcome: 'failed', complete: false },
]
