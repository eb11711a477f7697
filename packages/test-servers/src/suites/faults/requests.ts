import { describe, expect, test } from 'vitest'
import type { Fault } from '../../http/faults.js'
import type { FaultPlatform, Target } from './platform.js'
import { KEYS, QUICK, SIZE, type Vault, type VaultRun } from './vault.js'

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
  readonly slow?: true
  /** Before it is told, what did not come may be asked for by itself: two requests for each try. */
  readonly probed?: true
}

const ALL = ['head', 'document', 'body'] as const
const BROKEN_OFF = /broke off the connection.*ECONNRESET/

const casesOf = ({ failures, words: { service, requestId, document } }: FaultPlatform): readonly Case[] => {
  const { throttled, failed } = failures
  const damaged = new RegExp(`no answer of ${service}, or was damaged on its way.*HTTP 200, request ${requestId}`)
  return [
    {
      name: `${throttled.status} ${throttled.code}`,
      fault: throttled,
      code: 'throttled',
      words: new RegExp(`the service asks to slow down.*HTTP ${throttled.status}, request ${requestId}`),
      of: ALL,
      bursts: true,
    },
    {
      name: `${failed.status} ${failed.code}`,
      fault: failed,
      code: 'unavailable',
      words: new RegExp(`the service failed.*HTTP ${failed.status}, request ${requestId}`),
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
    { name: 'a reset mid-body', fault: { reset: 100 }, code: 'unavailable', words: BROKEN_OFF, of: ['document'] },
    { name: 'a body cut short', fault: { truncate: 100 }, code: 'unavailable', words: BROKEN_OFF, of: ['document'] },
    {
      name: 'a body cut short',
      fault: { truncate: 100 },
      code: 'corrupt',
      words: new RegExp(`The body of ${KEYS.plain} ended after 100 of ${SIZE} bytes`),
      of: ['body'],
      probed: true,
    },
    {
      name: 'a length too long',
      fault: { contentLength: 900_000 },
      code: 'unavailable',
      words: BROKEN_OFF,
      of: ['document'],
    },
    {
      name: 'a length too long',
      fault: { contentLength: 900_000 },
      code: 'corrupt',
      words: new RegExp(`900000 bytes.*${SIZE} were listed`),
      of: ['head', 'body'],
    },
    {
      name: 'a length too short',
      fault: { contentLength: 100 },
      code: 'unavailable',
      words: damaged,
      of: ['document'],
    },
    {
      name: 'a length too short',
      fault: { contentLength: 100 },
      code: 'corrupt',
      words: new RegExp(`100 bytes.*${SIZE} were listed`),
      of: ['head', 'body'],
    },
    {
      name: `${document} that breaks off`,
      fault: { malformed: true },
      code: 'unavailable',
      words: damaged,
      of: ['document'],
    },
    {
      name: 'a stall mid-body',
      fault: { stall: 100 },
      code: 'timeout',
      words: /no answer within 300 ms/,
      of: ['document'],
      slow: true,
    },
    {
      name: 'a stall mid-body',
      fault: { stall: 100 },
      code: 'timeout',
      words: new RegExp(`No byte of ${KEYS.plain} came for 300 ms, after 100 bytes`),
      of: ['body'],
      slow: true,
      probed: true,
    },
    {
      name: 'no answer at all',
      fault: { delayMs: 60_000 },
      code: 'timeout',
      words: /no answer within 300 ms/,
      of: ALL,
      slow: true,
    },
  ]
}

const isOne = ({ unsized, answer }: Target, { of, code }: Case): boolean =>
  of.includes(answer) && !(unsized === true && code === 'corrupt')

/** What must be told when the fault stays. */
const lasting = (vault: Vault, { ends, key }: Target, { code }: Case): Readonly<Record<string, string>> => {
  if (ends !== 'object') return {}
  return { ...vault.allMatch, [key]: `${code === 'corrupt' ? 'unreadable' : 'error'}: ${code}` }
}

const endOf = ({ ends }: Target, { code }: Case): { exit: number | undefined; complete: boolean; says: string } => {
  if (ends === 'run') return { exit: undefined, complete: false, says: `the run ends with ${code}` }
  if (ends === 'listing') return { exit: 3, complete: false, says: `incomplete for ${code}, nothing said of any key` }
  if (code !== 'corrupt') return { exit: 3, complete: true, says: `error (${code}) for its key only` }
  return { exit: 1, complete: true, says: 'unreadable (corrupt) for its key only' }
}

/** Faults of single requests: each kind of request, each fault, once, in a burst, and for ever. */
export const requestFaults = (vault: () => Vault, platform: FaultPlatform): void => {
  for (const target of platform.targets) {
    describe(target.name, () => {
      for (const one of casesOf(platform)) if (isOne(target, one)) registerCase(vault, platform, target, one)
    })
  }
}

const registerCase = (vault: () => Vault, platform: FaultPlatform, target: Target, one: Case): void => {
  const { operation, key, engine } = target
  const probed = one.probed === true && platform.probesBodies
  // What waits for the clock is tried less often.
  const attempts = one.slow === true ? 2 : 3
  const options: VaultRun = {
    ...(target.read && { require: 'read' }),
    retry: { ...QUICK, attempts },
    ...(one.slow === true && { at: { requestTimeoutMs: 300 } }),
  }
  const where = `${target.name}, ${one.name}`
  for (const times of one.bursts === true ? [1, 2] : [1]) {
    test(`${one.name}, ${times === 1 ? 'once' : 'twice'}, passes: all match`, async () => {
      // Each but the last is followed by a question that fails too.
      const faults = probed ? 2 * times - 1 : times
      const failed = vault().fault({ operation, key, times: faults, fault: one.fault })
      const told = await vault()[engine](where, options)
      expect(told.message).toBe('')
      expect(told.keys).toEqual(vault().allMatch)
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
    expect(told.message).toContain(key === '' ? platform.uri('vault') : key)
    expect(told.keys).toEqual(lasting(vault(), target, one))
    expect(told).toMatchObject({ ...end, code: one.code })
    // As often as it may be tried, and no more.
    expect(failed()).toBe(probed ? 2 * attempts : attempts)
    if (told.report !== undefined) expectRetries(told.retries, attempts - 1, one)
    expect(told.ms).toBeLessThan(8_000)
  })
}

/** On a busy machine, requests that nothing is wrong with may take longer than the short time of the slow cases too. */
const expectRetries = (retries: number, wanted: number, { slow }: Case): void => {
  if (slow === true) expect(retries).toBeGreaterThanOrEqual(wanted)
  else expect(retries).toBe(wanted)
}
