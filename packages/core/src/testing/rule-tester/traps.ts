import { createRequire, syncBuiltinESMExports } from 'node:module'

export interface Traps {
  /** Runs `work`, which a trap stops where it calls it, and gives the names of the traps that it ran into. */
  readonly during: (work: () => void) => readonly string[]
}

const MODULES = [
  'fs',
  'fs/promises',
  'net',
  'tls',
  'dgram',
  'http',
  'https',
  'http2',
  'dns',
  'dns/promises',
  'child_process',
  'worker_threads',
  'timers',
  'timers/promises',
  'os',
]
const GLOBALS = [
  'fetch',
  'WebSocket',
  'XMLHttpRequest',
  'EventSource',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
]

/** Replaces what a pure function does not call by what does the same, but for the time of `during`. */
export const setTraps = (): Traps => {
  let hits: Set<string> | undefined
  const hit = (name: string): void => {
    if (hits === undefined) return
    hits.add(name)
    throw new Error(`${name} is not for rules.`)
  }
  const trapped = <F extends object>(name: string, original: F): F =>
    new Proxy(original, {
      apply: (target, self, args) => {
        hit(name)
        return Reflect.apply(target as never, self, args)
      },
      construct: (target, args, made) => {
        hit(name)
        return Reflect.construct(target as never, args, made) as object
      },
    })
  const member = (place: object, key: string, name: string): void => {
    const original: unknown = Reflect.get(place, key)
    const own = Object.getOwnPropertyDescriptor(place, key)
    if (typeof original !== 'function' || own?.configurable === false) return
    // Some are getters of a prototype that look at `this`.
    const bound = trapped(name, original)
    Object.defineProperty(place, key, { value: bound, writable: true, configurable: true, enumerable: true })
  }

  for (const name of GLOBALS) {
    if (!(name in globalThis)) Object.assign(globalThis, { [name]: () => undefined })
    member(globalThis, name, name)
  }
  const require = createRequire(import.meta.url)
  for (const name of MODULES) {
    const module = require(`node:${name}`) as object
    for (const key of Object.keys(module)) member(module, key, `node:${name}.${key}`)
  }
  for (const key of ['random']) member(Math, key, `Math.${key}`)
  for (const key of ['randomUUID', 'getRandomValues']) {
    const original: unknown = Reflect.get(crypto, key)
    Object.defineProperty(crypto, key, {
      value: trapped(`crypto.${key}`, (original as (...args: unknown[]) => unknown).bind(crypto)),
      configurable: true,
    })
  }
  const nodeCrypto = require('node:crypto') as object
  for (const key of ['randomBytes', 'randomInt', 'randomUUID', 'randomFillSync', 'randomFill', 'getRandomValues'])
    member(nodeCrypto, key, `node:crypto.${key}`)
  for (const key of ['log', 'info', 'warn', 'error', 'debug']) member(console, key, `console.${key}`)
  for (const key of ['nextTick', 'hrtime', 'uptime', 'cwd', 'memoryUsage', 'cpuUsage', 'exit'])
    member(process, key, `process.${key}`)
  for (const stream of [process.stdout, process.stderr]) member(stream, 'write', 'process.stdout')
  const { now } = performance
  Object.defineProperty(performance, 'now', {
    value: trapped('performance.now', now.bind(performance)),
    configurable: true,
  })
  const { env } = process
  const read = (name: string): void => hit(`process.env`) ?? void name
  process.env = new Proxy(env, {
    get: (target, key) => {
      read(String(key))
      return Reflect.get(target, key) as string | undefined
    },
    has: (target, key) => {
      read(String(key))
      return Reflect.has(target, key)
    },
    ownKeys: (target) => {
      read('*')
      return Reflect.ownKeys(target)
    },
  })
  trapClock(hit)
  syncBuiltinESMExports()

  return {
    during: (work) => {
      const own = new Set<string>()
      hits = own
      try {
        work()
      } finally {
        hits = undefined
      }
      return [...own]
    },
  }
}

/** `Date` without a time, and the time zone of the machine. */
const trapClock = (hit: (name: string) => void): void => {
  const Original = Date
  const now = Original.now.bind(Original)
  const Trapped = new Proxy(Original, {
    apply: () => {
      hit('Date()')
      return new Original().toString()
    },
    construct: (target, args, made) => {
      if (args.length === 0) hit('new Date()')
      return Reflect.construct(target, args, made) as object
    },
  })
  Object.defineProperty(Original, 'now', {
    value: () => {
      hit('Date.now')
      return now()
    },
    configurable: true,
    writable: true,
  })
  for (const key of LOCAL) {
    const original = Original.prototype[key] as (...args: unknown[]) => unknown
    Object.defineProperty(Original.prototype, key, {
      value: function (this: Date, ...args: unknown[]) {
        hit(`Date.prototype.${key}`)
        return original.apply(this, args)
      },
      configurable: true,
      writable: true,
    })
  }
  Object.defineProperty(Original.prototype, 'constructor', { value: Trapped, configurable: true, writable: true })
  globalThis.Date = Trapped
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
