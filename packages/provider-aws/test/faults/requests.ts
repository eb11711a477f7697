import type { Fault } from '@backproof/test-servers'
import { describe, expect, test } from 'vitest'
import { KEYS, QUICK, type Vault } from './support/vault.js'

/** One kind of request of a run, and where its failure must show. */
interface Target {
  readonly name: string
  readonly operation: string
  readonly key: string
  readonly engine: 'compare' | 'verify'
  readonly require: 'stored' | 'read'
  readonly answer: 'head' | 'xml' | 'body'
  /** What a failure that stays must end: the run (nothing could be started), the listing, or one object. */
  readonly ends: 'run' | 'listing' | 'object'
}

const ofRun = { key: '', engine: 'compare', require: 'stored', ends: 'run' } as const
const ofObject = { engine: 'compare', require: 'stored', ends: 'object' } as const

const TARGETS: readonly Target[] = [
  { name: 'HeadBucket', operation: 'HeadBucket', ...ofRun, answer: 'head' },
  { name: 'GetBucketVersioning', operation: 'GetBucketVersioning', ...ofRun, answer: 'xml' },
  { name: 'ListObjectsV2', operation: 'ListObjectsV2', ...ofRun, ends: 'listing', answer: 'xml' },
  { name: 'HeadObject under KMS', operation: 'HeadObject', ...ofObject, key: KEYS.kms, answer: 'head' },
  { name: 'HeadObject of parts', operation: 'HeadObject', ...ofObject, key: KEYS.parts, answer: 'head' },
  { name: 'GetObjectAttributes', operation: 'GetObjectAttributes', ...ofObject, key: KEYS.parts, answer: 'xml' },
  { name: 'GetObject', operation: 'GetObject', ...ofObject, key: KEYS.plain, require: 'read', answer: 'body' },
  {
    name: 'GetObject of a fixity check',
    operation: 'GetObject',
    ...ofObject,
    engine: 'verify',
    key: KEYS.plain,
    answer: 'body',
  },
]

/** What happens to a request, and what is said of it if it goes on. By the kind of answer where that matters. */
interface Case {
  readonly name: string
  readonly fault: Fault
  readonly code: string
  readonly words: RegExp
  readonly of: readonly Target['answer'][]
  /** Also twice: services do this for a while. */
  readonly bursts?: true
  /** Ends by the clock of the client. */
  readonly slow?: boolean
  /** Before it is told, what did not come is asked for by itself: two requests for each try. */
  readonly probed?: boolean
}

const ALL = ['head', 'xml', 'body'] as const
const DAMAGED = /no answer of S3, or was damaged on its way.*HTTP 200, request \w+/
const BROKEN_OFF = /broke off the connection.*ECONNRESET/

const CASES: readonly Case[] = [
  {
    name: '503 SlowDown',
    fault: { status: 503, code: 'SlowDown' },
    code: 'throttled',
    words: /the service asks to slow down.*HTTP 503, request [0-9A-F]{16}/,
    of: ALL,
    bursts: true,
  },
  {
    name: '500 InternalError',
    fault: { status: 500, code: 'InternalError' },
    code: 'unavailable',
    words: /the service failed.*HTTP 500, request [0-9A-F]{16}/,
    of: ALL,
  },
  {
    name: 'a reset instead of an answer',
    fault: { reset: 'before-headers' },
    code: 'unavailable',
    words: BROKEN_OFF,
    of: ALL,
    bursts: true,
  },
  { name: 'a reset mid-body', fault: { reset: 100 }, code: 'unavailable', words: BROKEN_OFF, of: ['xml'] },
  { name: 'a body cut short', fault: { truncate: 100 }, code: 'unavailable', words: BROKEN_OFF, of: ['xml'] },
  {
    name: 'a body cut short',
    fault: { truncate: 100 },
    code: 'corrupt',
    words: /The body of d\/plain ended after 100 of 200000 bytes/,
    of: ['body'],
    probed: true,
  },
  { name: 'a length too long', fault: { contentLength: 900_000 }, code: 'unavailable', words: BROKEN_OFF, of: ['xml'] },
  {
    name: 'a length too long',
    fault: { contentLength: 900_000 },
    code: 'corrupt',
    words: /900000 bytes.*200000 were listed/,
    of: ['head', 'body'],
  },
  { name: 'a length too short', fault: { contentLength: 100 }, code: 'unavailable', words: DAMAGED, of: ['xml'] },
  {
    name: 'a length too short',
    fault: { contentLength: 100 },
    code: 'corrupt',
    words: /100 bytes.*200000 were listed/,
    of: ['head', 'body'],
  },
  { name: 'XML that breaks off', fault: { malformed: true }, code: 'unavailable', words: DAMAGED, of: ['xml'] },
  {
    name: 'a stall mid-body',
    fault: { stall: 100 },
    code: 'timeout',
    words: /no answer within 300 ms/,
    of: ['xml'],
    slow: true,
  },
  {
    name: 'a stall mid-body',
    fault: { stall: 100 },
    code: 'timeout',
    words: /No byte of d\/plain came for 300 ms, after 100 bytes/,
    of: ['body'],
    slow: true,
    probed: true,
  },
  {
    name: 'no answer at all',
    fault: { delayMs: 60_000 },
    code: 'timeout',
    words: /no answer within 300 ms/,
    of: ['head', 'xml', 'body'],
    slow: true,
  },
]

/** Length of HeadBucket is looked at by nobody. */
const isOne = ({ operation, answer }: Target, { of, code }: Case): boolean =>
  of.includes(answer) && !(operation === 'HeadBucket' && code === 'corrupt')

const allMatch = Object.fromEntries(Object.values(KEYS).map((key) => [key, 'match']))

/** What must be told when the fault stays. */
const lasting = ({ ends, key }: Target, { code }: Case): Readonly<Record<string, string>> => {
  if (ends !== 'object') return {}
  return { ...allMatch, [key]: `${code === 'corrupt' ? 'unreadable' : 'error'}: ${code}` }
}

const endOf = ({ ends }: Target, { code }: Case): { exit: number | undefined; complete: boolean; says: string } => {
  if (ends === 'run') return { exit: undefined, complete: false, says: `the run ends with ${code}` }
  if (ends === 'listing') return { exit: 3, complete: false, says: `incomplete for ${code}, nothing said of any key` }
  if (code !== 'corrupt') return { exit: 3, complete: true, says: `error (${code}) for its key only` }
  return { exit: 1, complete: true, says: 'unreadable (corrupt) for its key only' }
}

/** Faults of single requests: each kind of request, each fault, once, in a burst, and for ever. */
export const requestFaults = (vault: () => Vault): void => {
  for (const target of TARGETS) {
    describe(target.name, () => {
      for (const one of CASES.filter((one) => isOne(target, one))) registerCase(vault, target, one)
    })
  }
}

const registerCase = (vault: () => Vault, target: Target, one: Case): void => {
  const { operation, key, engine, require } = target
  // What waits for the clock is tried less often.
  const attempts = one.slow === true ? 2 : 3
  const retry = { ...QUICK, attempts }
  const options = { require, retry, ...(one.slow === true && { s3: { requestTimeoutMs: 300 } }) }
  const where = `${target.name}, ${one.name}`
  for (const times of one.bursts === true ? [1, 2] : [1]) {
    test(`${one.name}, ${times === 1 ? 'once' : 'twice'}, passes: all match`, async () => {
      // Each but the last is followed by a question that fails too.
      const faults = one.probed === true ? 2 * times - 1 : times
      const failed = vault().fault({ operation, key, times: faults, fault: one.fault })
      const told = await vault()[engine](where, options)
      expect(told.message).toBe('')
      expect(told.keys).toEqual(allMatch)
      expect(told).toMatchObject({ complete: true, exit: 0 })
      expect(failed()).toBe(faults)
      expectRetries(told.retries, times, one)
    })
  }

  const { says, ...end } = endOf(target, one)
  test(`${one.name}, for ever: ${says}`, async () => {
    const failed = vault().fault({ operation, key, fault: one.fault })
    const told = await vault()[engine](where, options)
    expect(told.message).toMatch(one.words)
    expect(told.message).toContain(key === '' ? 's3://vault' : key)
    expect(told.keys).toEqual(lasting(target, one))
    expect(told).toMatchObject({ ...end, code: one.code })
    // As often as it may be tried, and no more.
    expect(failed()).toBe(one.probed === true ? 2 * attempts : attempts)
    if (told.report !== undefined) expectRetries(told.retries, attempts - 1, one)
    expect(told.ms).toBeLessThan(8_000)
  })
}

/** On a busy machine, requests that nothing is wrong with may take longer than the short time of the slow cases too. */
const expectRetries = (retries: number, wanted: number, { slow }: Case): void => {
  if (slow === true) expect(retries).toBeGreaterThanOrEqual(wanted)
  else expect(retries).toBe(wanted)
}
