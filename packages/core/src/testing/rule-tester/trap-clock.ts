/** Makes traps of `Date` without a time, and of what it says in the time zone of the machine. */
export const trapClock = (hit: (name: string) => void): void => {
  const Original = Date
  const now = Original.now.bind(Original)
  const Trapped = new Proxy(Original, {
    apply: () => {
      hit('Date()')
      return new Original().toString()
    },
    construct: (target, args, made) => {
      if (args.length === 0) hit('new Date()')
      return Reflect.construct(target, args, made) as Date
    },
  })
  define(Original, 'now', () => {
    hit('Date.now')
    return now()
  })
  for (const key of LOCAL) {
    const original = Original.prototype[key] as (...args: unknown[]) => unknown
    define(Original.prototype, key, function (this: Date, ...args: unknown[]) {
      hit(`Date.prototype.${key}`)
      return original.apply(this, args)
    })
  }
  define(Original.prototype, 'constructor', Trapped)
  globalThis.Date = Trapped
}

const define = (place: object, key: string, value: unknown): void => {
  Object.defineProperty(place, key, { value, configurable: true, writable: true })
}

const LOCAL = [
  'getDate',
  'getDay',
  'getFullYear',
  'getHours',
  'getMinutes',
  'getMonth',
  'getTimezoneOffset',
  'toDateString',
  'toString',
  'toTimeString',
] as const
