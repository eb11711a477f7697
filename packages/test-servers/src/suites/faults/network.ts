import { compare } from '@backproof/core/compare'
import { memorySource } from '@backproof/core/testing'
import { expect, test } from 'vitest'
import { startFront } from '../../front/index.js'
import { closedUrl, serverThat } from './other-server.js'
import { type FaultPlatform, isAbsent } from './platform.js'
import { BUCKET, KEYS, QUICK, type Vault } from './vault.js'

/** Places where nobody answers, or somebody else; credentials that do not come. */
export const networkFaults = (vault: () => Vault, platform: FaultPlatform): void => {
  const uri = platform.uri(BUCKET)
  const { never } = platform.logins
  const nothing = { exit: undefined, keys: {} }

  test('connection refused: nothing starts (unavailable), tried as often as asked', async () => {
    const told = await vault().compare('refused', { at: { url: await closedUrl() } })
    expect(told).toMatchObject({ ...nothing, code: 'unavailable' })
    expect(told.message).toMatch(
      new RegExp(`${uri}: nobody answers at 127\\.0\\.0\\.1\\. Check the endpoint.*ECONNREFUSED`),
    )
    expect(told.ms).toBeLessThan(5_000)
  })

  test('no such host: nothing starts', async () => {
    const at = { url: 'http://nonexistent.invalid', requestTimeoutMs: 2_000 }
    const told = await vault().compare('no host', { at })
    expect(told).toMatchObject(nothing)
    // A machine without any name server answers EAI_AGAIN, or not at all.
    expect(['unavailable', 'timeout']).toContain(told.code)
    const host = platform.words.missingHost.replaceAll('.', '\\.')
    expect(told.message).toMatch(new RegExp(`there is no host ${host}|did not answer in time|no answer within`))
  })

  test('gone half way: what was read matches, the rest are errors (unavailable)', async () => {
    vault().fault()
    const front = await startFront({ target: platform.url, platform: platform.front })
    let closing: Promise<void> | undefined
    front.setIntercept(({ operation, key }, handOn) => {
      if (operation !== platform.operations.read || key !== KEYS.plain) return handOn()
      closing = front.close()
      return { status: 503 }
    })
    const at = { url: front.url }
    const told = await vault().compare('gone half way', { require: 'read', concurrency: 1, at })
    await closing
    const lost = { [KEYS.plain]: 'error: unavailable', [KEYS.last]: 'error: unavailable' }
    expect(told.keys).toEqual({ ...vault().allMatch, ...lost })
    expect(told).toMatchObject({ exit: 3, complete: true })
  })

  test('https where http is spoken: nothing starts, tried once, and the words say what to check', async () => {
    const told = await vault().compare('https', { at: { url: platform.url.replace('http:', 'https:') } })
    expect(told).toMatchObject({ ...nothing, code: 'unavailable' })
    expect(told.message).toMatch(
      /127\.0\.0\.1 does not speak the protocol of the endpoint\. Check whether it is http or https/,
    )
  })

  test('a server of another protocol: nothing starts (unavailable)', async () => {
    await using ssh = await serverThat((socket) => socket.end('SSH-2.0-OpenSSH_9.2p1\r\n'))
    const told = await vault().compare('ssh', { at: { url: ssh.url } })
    expect(told).toMatchObject({ ...nothing, code: 'unavailable' })
    const words = `${uri}: 127\\.0\\.0\\.1 (?:does not speak the protocol|broke off the connection)`
    expect(told.message).toMatch(new RegExp(words))
  })

  test('a server that takes connections and says nothing: nothing starts (timeout), within the time that it has', async () => {
    await using silence = await serverThat(() => undefined)
    const told = await vault().compare('silence', { at: { url: silence.url, requestTimeoutMs: 200 } })
    expect(told).toMatchObject({ ...nothing, code: 'timeout' })
    expect(told.message).toMatch(/had no answer within 200 ms/)
    expect(told.ms).toBeLessThan(5_000)
  })

  if (isAbsent(never)) return
  test('credentials that never come: nothing starts (timeout)', async () => {
    const told = await vault().compare('no credentials come', { at: { ...never, requestTimeoutMs: 200 } })
    expect(told).toMatchObject({ ...nothing, code: 'timeout' })
    expect(told.ms).toBeLessThan(5_000)
  })

  test('credentials that never come, aborted: at once', async () => {
    await using source = vault().open(never)
    const signal = AbortSignal.timeout(100)
    const start = performance.now()
    const run = compare({ source: memorySource(vault().files), replicas: [source], signal, retry: QUICK })
    expect((await run.report()).result).toMatchObject({ complete: false, incomplete: [{ reason: 'aborted' }] })
    expect(performance.now() - start).toBeLessThan(1_500)
  })
}
