import { createRequire, syncBuiltinESMExports } from 'node:module'
import { trapClock } from './trap-clock.js'

export interface Traps {
  /** Runs `work`, which a trap stops where it calls it, and gives the names of the traps that it ran into. */
  readonly during: (work: () => void) => readonly string[]
}

/** Every function of them is a trap. */
const MODULES = [
  'child_process',
  'dgram',
  'dns',
  'dns/promises',
  'fs',
  'fs/promises',
  'http',
  'http2',
  'https',
  'net',
  'os',
  'timers',
  'timers/promises',
  'tls',
  'worker_threads',
]

const GLOBALS = [
  'EventSource',
  'WebSocket',
  'XMLHttpRequest',
  'fetch',
  'queueMicrotask',
  'setImmediate',
  'setInterval',
  'setTimeout',
]

const RANDOM = ['getRandomValues', 'randomBytes', 'randomFill', 'randomFillSync', 'randomInt', 'randomUUID']

/** Replaces what a pure function does not call by what does the same, but for the time of `during`. */
export const setTraps = (): Traps => {
  let hits: Set<string> | undefined
  const hit = (name: string): void => {
    if (hits === undefined) return
    hits.add(name)
    throw new Error(`${name} is not for rules.`)
  }
  const trap = (place: object, keys: readonly string[], prefix = ''): void => {
    for (const key of keys) {
      const value: unknown = Reflect.get(place, key)
      if (typeof value !== 'function' || Object.getOwnPropertyDescriptor(place, key)?.configurable === false) continue
      const trapped = trappedFunction(value, () => hit(prefix + key))
      Object.defineProperty(place, key, { value: trapped, writable: true, configurable: true, enumerable: true })
    }
  }

  // Old Nodes have not all of them, and a rule for new ones is not pure there either.
  for (const name of GLOBALS) if (!(name in globalThis)) Object.assign(globalThis, { [name]: class {} })
  trap(globalThis, GLOBALS)
  const require = createRequire(import.meta.url)
  for (const name of MODULES) {
    const module = require(`node:${name}`) as object
    trap(module, Object.keys(module), `node:${name}.`)
  }
  trap(require('node:crypto') as object, RANDOM, 'node:crypto.')
  trap(crypto, RANDOM, 'crypto.')
  trap(Math, ['random'], 'Math.')
  trap(performance, ['now'], 'performance.')
  trap(console, ['debug', 'error', 'info', 'log', 'warn'], 'console.')
  trap(process.hrtime, ['bigint'], 'process.hrtime.')
  trap(process, ['cpuUsage', 'cwd', 'exit', 'hrtime', 'memoryUsage', 'nextTick', 'uptime'], 'process.')
  trap(process.stdout, ['write'], 'process.stdout.')
  trap(process.stderr, ['write'], 'process.stderr.')
  process.env = trappedEnvironment(process.env, () => hit('process.env'))
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

const trappedFunction = (original: object, hit: () => void): object =>
  new Proxy(original, {
    apply: (target, self, args) => {
      hit()
      return Reflect.apply(target as () => unknown, self, args)
    },
    construct: (target, args, made) => {
      hit()
      return Reflect.construct(target as new () => object, args, made)
    },
  })

const trappedEnvironment = (env: NodeJS.ProcessEnv, hit: () => void): NodeJS.ProcessEnv =>
  new Proxy(env, {
    get: (target, key) => {
      hit()
      return Reflect.get(target, key) as string | undefined
    },
    has: (target, key) => {
      hit()
      return Reflect.has(target, key)
    },
    ownKeys: (target) => {
      hit()
      return Reflect.ownKeys(target)
    },
  })
