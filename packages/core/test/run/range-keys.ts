import { createHash } from 'node:crypto'
import { compareKeys } from '../../src/source/index.js'

const hash = (seed: string): string => createHash('sha256').update(seed).digest('hex')
const pad = (value: number, width: number): string => String(value).padStart(width, '0')
const count = (length: number): readonly number[] => Array.from({ length }, (_, i) => i)

const DAY_MS = 86_400_000

const makers: Readonly<Record<string, (n: number) => readonly string[]>> = {
  hashes: (n) => count(n).map((i) => hash(`k${i}`)),
  'hashes in folders': (n) => count(n).map((i) => hash(`k${i}`).replace(/^(..)(..)/, 'data/$1/$2/')),
  base62: (n) =>
    count(n).map(
      (i) =>
        `obj-${Buffer.from(hash(`b${i}`), 'hex')
          .toString('base64')
          .replaceAll(/[+/=]/g, 'x')}`,
    ),
  counters: (n) => count(n).map((i) => `file-${pad(i, 9)}.bin`),
  'unpadded counters': (n) => count(n).map((i) => `file-${i}`),
  'counters from the middle': (n) => count(n).map((i) => `log.${pad(1_234_567 + i * 3, 10)}`),
  dates: (n) =>
    count(n).map((i) => {
      const at = new Date(Date.UTC(2021, 0, 1) + (i * 400 * DAY_MS) / n)
      return `logs/${at.toISOString().slice(0, 10).replaceAll('-', '/')}/${hash(`d${i}`).slice(0, 12)}.gz`
    }),
  timestamps: (n) => count(n).map((i) => `${new Date(1_600_000_000_000 + i * 61_000).toISOString()}.json`),
  users: (n) =>
    count(n).map((i) => {
      const user = hash(`u${i % Math.ceil(n / 50)}`)
      return `users/${user.slice(0, 8)}/photos/${hash(`p${i}`).slice(0, 6)}.jpg`
    }),
  'deep folders': (n) =>
    count(n).map((i) => {
      const parts = hash(`f${i}`)
      const depth = 1 + (parts.charCodeAt(0) % 12)
      return `${count(depth)
        .map((d) => ['src', 'lib', 'test', 'vendor', 'a', 'node_modules'][parts.charCodeAt(d + 1) % 6])
        .join('/')}/${i}.ts`
    }),
  'few huge clusters': (n) =>
    count(n).map(
      (i) => `${['alpha/x', 'beta/2020-', 'zz top/'][i % 3]!}${hash(`c${i}`).slice(0, i % 3 === 0 ? 4 : 10)}-${i}`,
    ),
  'many small clusters': (n) => count(n).map((i) => `${hash(`s${i >> 5}`)}/part-${pad(i & 31, 5)}`),
  Unicode: (n) =>
    count(n).map((i) => {
      const parts = hash(`x${i}`)
      const point = (at: number): string => {
        const value = Number.parseInt(parts.slice(at, at + 5), 16)
        return String.fromCodePoint(value >= 0xd800 && value < 0xe000 ? 0x20 : value)
      }
      return `${point(0)}${point(5)}${point(10)}${i}`
    }),
}

export type KeyShape = keyof typeof makers & string

/** Kinds of keys, from those that spread evenly to those that nobody can guess. */
export const keyShapes: readonly KeyShape[] = Object.keys(makers)

/** About `n` keys of one kind, in canonical order, each once. */
export const keysOf = (shape: KeyShape, n: number): readonly string[] => {
  const keys = [...new Set(makers[shape]!(n))]
  // The other kinds are ASCII: the order of JavaScript is the canonical one, and sorts 100,000 keys in a fifth of the time.
  return shape === 'Unicode' ? keys.sort(compareKeys) : keys.sort()
}
