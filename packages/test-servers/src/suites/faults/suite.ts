import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { deniedAccess } from './access.js'
import { foreignAnswers } from './answers.js'
import { resetBodies } from './bodies.js'
import { cancelledRuns } from './cancel.js'
import { commandFaults } from './command.js'
import { echoedSecrets } from './echoes.js'
import { largeFaults } from './large.js'
import { listingFaults } from './listing.js'
import { movingObjects } from './moving.js'
import { networkFaults } from './network.js'
import { pacedRetries } from './pace.js'
import { type Absent, type FaultPlatform, isAbsent } from './platform.js'
import { refusals } from './refusals.js'
import { requestFaults } from './requests.js'
import { createOutputs, writings } from './secrets.js'
import { sidesOfRuns } from './sides.js'
import { openVault, type Vault } from './vault.js'

/**
 * Registers the fault matrix of an object store: what goes wrong, where it must show, and that nothing else is said.
 *
 * @param platform Running; closed at the end.
 * @param own Registers what only this platform has, over the same vault: its words are searched for secrets too.
 */
export const faultSuite = <Options>(
  platform: FaultPlatform<Options>,
  own: (vault: () => Vault<Options>) => void = () => undefined,
): void => {
  describe(`faults of ${platform.name}`, () => {
    let opened: Vault<Options> | undefined
    const vault = (): Vault<Options> => {
      if (opened === undefined) throw new Error('The vault did not open.')
      return opened
    }

    const warnings: Error[] = []
    const warned = (warning: Error): void => {
      warnings.push(warning)
    }

    beforeAll(async () => {
      process.on('warning', warned)
      opened = await openVault(platform)
    })
    afterAll(async () => {
      process.off('warning', warned)
      await opened?.[Symbol.asyncDispose]()
    })

    describe('single requests', () => requestFaults(vault, platform))
    describe('bodies', () => resetBodies(vault, platform))
    describe('refusals', () => refusals(vault, platform))
    describe('sides', () => sidesOfRuns(vault, platform))
    describe('listings', () => listingFaults(vault, platform))
    describe('foreign answers', () => foreignAnswers(vault, platform))
    describe('objects that move', () => movingObjects(vault, platform))
    describe('access', () => deniedAccess(vault, platform))
    describe('network', () => networkFaults(vault, platform))
    describe('ended early', () => cancelledRuns(vault, platform))
    describe('echoes', () => echoedSecrets(vault, platform))
    // Where the tests have the newest SDKs, what rests on them counts: ranges and retries are core's, and a process has the usual ones.
    if (process.env['NEWEST_SDKS'] === undefined) {
      describe('large objects', () => largeFaults(vault, platform))
      describe('pace', () => pacedRetries(vault, platform))
      describe('the command', () => commandFaults(vault, platform))
    }
    describe(`${platform.name} alone`, () => own(vault))

    test('no signal has gathered listeners', () => {
      expect(warnings.filter(({ name }) => name === 'MaxListenersExceededWarning')).toEqual([])
    })

    test('no socket of any run stays open', async () => {
      await vi.waitFor(() => expect(vault().traffic.open()).toBe(0), 2_000)
    })

    test('what cannot be tried here has a reason, and every request is tried', () => {
      const { asked, reach, operations, targets } = platform
      for (const { absent } of absences(platform)) expect(absent).toMatch(/^\S+( \S+){3,}\.$/)
      const needed = [
        operations.list,
        operations.read,
        ...[asked, reach].map((one) => (isAbsent(one) ? [] : one.operation)),
      ]
      const tried = new Set(targets.map(({ operation }) => operation))
      expect(needed.flat().filter((operation) => !tried.has(operation))).toEqual([])
    })

    test('what looks for secrets finds them, in whatever form', () => expectFound(platform))

    // The last one: all others have spoken by then.
    test('no secret, signature or token in anything that was said', () => {
      expect(vault().outputs.count).toBeGreaterThan(1_000)
      expect(vault().leaks()).toEqual([])
    })
  })
}

const absences = ({ asked, reach, logins, listings, secrets }: FaultPlatform): readonly Absent[] => {
  const { resumable, unordered, versions } = listings
  return [asked, reach, logins.never, resumable, unordered, versions, secrets.signatures].filter(isAbsent)
}

const expectFound = (platform: FaultPlatform): void => {
  const { signatures: signed, forms } = platform.secrets
  const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCY=EXAMPLEKEY'
  const signatures = new Set(isAbsent(signed) ? [] : [signed.example])
  const secrets = new Map([...writings('secret', secret), ...writings('key', new Uint8Array(32).fill(7))])
  const outputs = (): ReturnType<typeof createOutputs> => createOutputs(platform.secrets)
  const said: readonly unknown[] = [
    new Error('outer', { cause: new Error(`it is ${secret}`) }),
    { deep: { list: [encodeURIComponent(secret)] } },
    Buffer.from(secret).toString('base64'),
    Buffer.alloc(32, 7).toString('base64'),
    { customerKey: new Uint8Array(32).fill(7) },
    Object.defineProperty({}, 'hidden', { value: secret, enumerable: false }),
    { headers: { authorization: 'AWS4-HMAC-SHA256 abc' } },
    ...[...signatures].map((signature) => `sent ${signature}`),
    ...forms.map(({ example }) => example),
  ]
  for (const value of said) {
    const taken = outputs()
    taken.add('case', value)
    expect(taken.leaks(secrets, signatures), inspect(value)).not.toEqual([])
  }
  const clean = outputs()
  clean.add('case', ['Signature=[redacted]', 'authorization: [redacted]', '[redacted]', 'a'.repeat(64)])
  expect(clean.leaks(secrets, signatures)).toEqual([])
}
