import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { foreignAnswers } from './answers.js'
import { cancelledRuns } from './cancel.js'
import { commandFaults } from './command.js'
import { deniedAccess } from './credentials.js'
import { echoedSecrets } from './echoes.js'
import { largeFaults } from './large.js'
import { listingFaults } from './listing.js'
import { resetBodies } from './midbody.js'
import { movingObjects } from './moving.js'
import { networkFaults } from './network.js'
import { pacedRetries } from './pace.js'
import { refusals } from './refusals.js'
import { requestFaults } from './requests.js'
import { sidesOfRuns } from './sides.js'
import { createOutputs, writings } from './support/secrets.js'
import { openVault, type Vault } from './support/vault.js'

describe('faults of S3', () => {
  let opened: Vault | undefined
  const vault = (): Vault => {
    if (opened === undefined) throw new Error('The vault did not open.')
    return opened
  }

  const warnings: Error[] = []
  const warned = (warning: Error): void => {
    warnings.push(warning)
  }

  beforeAll(async () => {
    process.on('warning', warned)
    opened = await openVault()
  })
  afterAll(async () => {
    process.off('warning', warned)
    await opened?.[Symbol.asyncDispose]()
  })

  describe('single requests', () => requestFaults(vault))
  describe('bodies', () => resetBodies(vault))
  describe('refusals', () => refusals(vault))
  describe('sides', () => sidesOfRuns(vault))
  describe('listings', () => listingFaults(vault))
  describe('foreign answers', () => foreignAnswers(vault))
  describe('large objects', () => largeFaults(vault))
  describe('objects that move', () => movingObjects(vault))
  describe('access', () => deniedAccess(vault))
  describe('network', () => networkFaults(vault))
  describe('pace', () => pacedRetries(vault))
  describe('ended early', () => cancelledRuns(vault))
  describe('echoes', () => echoedSecrets(vault))
  describe('the command', () => commandFaults(vault))

  test('no signal has gathered listeners', () => {
    expect(warnings.filter(({ name }) => name === 'MaxListenersExceededWarning')).toEqual([])
  })

  test('no socket of any run stays open', async () => {
    await vi.waitFor(() => expect(vault().traffic.open()).toBe(0), 2_000)
  })

  test('what looks for secrets finds them, in whatever form', () => {
    const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCY=EXAMPLEKEY'
    const signature = 'f'.repeat(64)
    const secrets = new Map([...writings('secret', secret), ...writings('key', new Uint8Array(32).fill(7))])
    const said: readonly unknown[] = [
      new Error('outer', { cause: new Error(`it is ${secret}`) }),
      { deep: { list: [encodeURIComponent(secret)] } },
      Buffer.from(secret).toString('base64'),
      Buffer.alloc(32, 7).toString('base64'),
      { customerKey: new Uint8Array(32).fill(7) },
      Object.defineProperty({}, 'hidden', { value: secret, enumerable: false }),
      'AWS4-HMAC-SHA256 Credential=x, Signature=abc',
      `sent ${signature}`,
      'https://host/?X-Amz-Signature=abc',
      { headers: { authorization: 'AWS4-HMAC-SHA256 abc' } },
      { 'x-amz-security-token': 'IQoJ' },
      'key AKIAIOSFODNN7EXAMPLE',
    ]
    for (const value of said) {
      const outputs = createOutputs()
      outputs.add('case', value)
      expect(outputs.leaks(secrets, new Set([signature])), inspect(value)).not.toEqual([])
    }
    const clean = createOutputs()
    clean.add('case', ['X-Amz-Signature=[redacted]', 'authorization: [redacted]', '[redacted]', 'a'.repeat(64)])
    expect(clean.leaks(secrets, new Set([signature]))).toEqual([])
  })

  // The last one: all others have spoken by then.
  test('no secret, signature or token in anything that was said', () => {
    expect(vault().outputs.count).toBeGreaterThan(1_000)
    expect(vault().leaks()).toEqual([])
  })
})
