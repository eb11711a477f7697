import type { ChildProcess } from 'node:child_process'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Fault } from '../../http/faults.js'
import { type Command, type Exit, openCommand } from './command-runner.js'
import type { FaultPlatform } from './platform.js'
import { BUCKET, KEYS, SIZE, type Vault } from './vault.js'

/** The command against a service with faults. */
export const commandFaults = (vault: () => Vault, platform: FaultPlatform): void => {
  const { operations, failures, words } = platform
  const { readPermission, wrongLogin, nobody } = platform.command
  const { list, read } = operations
  const uri = platform.uri(BUCKET)
  let command: Command | undefined

  beforeAll(async () => {
    command = await openCommand(vault(), platform.command)
  })
  afterAll(() => command?.[Symbol.asyncDispose]())
  afterEach(() => {
    vault().fault()
  })

  const compared = (...options: readonly string[]): Promise<Exit> =>
    command!.run(['compare', command!.copy, uri, '--ndjson', command!.rows, ...options])
  const keyOf = (operation: string): string => (operation === read ? KEYS.plain : '')

  test('no fault: exit 0', async () => {
    const { code, stdout } = await compared('--require', platform.proves)
    expect(stdout).toMatch(/5 of 5|5 objects|proven/i)
    expect(code).toBe(0)
  })

  for (const [name, operation, fault, exit, said] of [
    [`${failures.denied.status} for one object`, read, failures.denied, 3, readPermission],
    [`${failures.objectGone.status} for one object`, read, failures.objectGone, 1, words.goneObject],
    ['a body cut short', read, { truncate: 10 }, 1, new RegExp(`ended after 10 of ${SIZE} bytes`)],
    ['credentials that expire before the listing', list, { expiredToken: true }, 3, words.expired],
  ] as const satisfies readonly (readonly [string, string, Fault, number, RegExp])[]) {
    test(`${name}: exit ${exit}, and the text says why`, async () => {
      // What is gone is gone for every request.
      const gone = fault === failures.objectGone
      vault().fault({ operation: gone ? undefined : operation, key: keyOf(operation), fault })
      const { code, stdout, stderr } = await compared('--require', 'read')
      expect(stdout + stderr).toMatch(said)
      expect(code).toBe(exit)
    })
  }

  for (const [name, bucket, change, exit, said] of [
    [`no such ${words.bucket}`, 'never-made', {}, 2, new RegExp(`there is no such ${words.bucket}`)],
    ['a wrong secret', BUCKET, wrongLogin, 3, wrongLogin.words],
    ['nobody at the endpoint', BUCKET, nobody, 3, /nobody answers at 127/],
  ] as const) {
    test(`${name}: exit ${exit}, and the text says why`, async () => {
      for (const [variable, value] of Object.entries(wrongLogin.env ?? {}))
        vault().keepSecret(`a wrong ${variable}`, value)
      const { code, stdout, stderr } = await command!.run(['compare', command!.copy, platform.uri(bucket)], change)
      expect(stdout + stderr).toMatch(said)
      expect(code).toBe(exit)
    })
  }

  test('a refused listing as JSON: exit 3, not one object missing', async () => {
    vault().fault({ operation: list, fault: failures.denied })
    const { code, stdout } = await compared('--json')
    expect(code).toBe(3)
    const { result } = JSON.parse(stdout) as { result: { complete: boolean; totals: { outcomes: object } } }
    expect(result).toMatchObject({ complete: false, totals: { outcomes: { missing: 0, match: 0 } } })
  })

  test('check with credentials that have expired: says so, nothing is fine', async () => {
    vault().fault({ operation: list, fault: { expiredToken: true } })
    const { code, stdout, stderr } = await command!.run(['check', uri])
    expect(stdout + stderr).toMatch(/expired/)
    expect(code).not.toBe(0)
  })

  test('check without a fault, with everything that it prints', async () => {
    const { code, stdout } = await command!.run(['check', uri])
    expect(stdout).toMatch(readPermission)
    expect(code).toBe(0)
  })

  const wait: Fault = { ...failures.throttled, headers: { 'retry-after': '60' } }
  for (const [name, operation, fault] of [
    ['a read stalls', read, { stall: 50_000 }],
    ['a listing stalls', list, { stall: 50 }],
    ['it waits as the service asked', read, wait],
  ] as const satisfies readonly (readonly [string, string, Fault])[]) {
    test(`SIGINT while ${name}: exit 130 within 2 seconds, and the report says that it was stopped`, async () => {
      let child: ChildProcess | undefined
      vault().fault({
        operation,
        key: keyOf(operation),
        fault: () => {
          setTimeout(() => child?.kill('SIGINT'), 200)
          return fault
        },
      })
      const { code, stdout, stderr, ms } = await command!.run(['compare', command!.copy, uri, '--require', 'read'], {
        onStart: (started) => {
          child = started
        },
      })
      expect(code).toBe(130)
      expect(ms).toBeLessThan(2_000)
      expect(stdout + stderr).toMatch(/NOT proven|stopped|interrupted|cancelled|aborted/i)
      expect(stdout).not.toMatch(/missing from|MISSING/)
    })
  }
}
