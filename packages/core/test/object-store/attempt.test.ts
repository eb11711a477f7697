import { getEventListeners } from 'node:events'
import { BackupError } from '@backproof/core/errors'
import { attempt, createLifetime, type Lifetime } from '@backproof/core/object-store'
import { describe, expect, it, vi } from 'vitest'

const late = (): Error => new BackupError({ code: 'timeout', message: 'too late' })
const failure = (error: unknown): Error => new BackupError({ code: 'unavailable', message: 'translated', cause: error })
const lifetime = (): Lifetime => createLifetime('store://place', 'store')

/** A request that never ends by itself; gives the signal that it was sent with. */
const hanging = () => {
  let sent: AbortSignal | undefined
  const send = (signal: AbortSignal): Promise<never> => {
    sent = signal
    return new Promise<never>(() => undefined)
  }
  return { send, sent: () => sent }
}

describe('one request', () => {
  it('is told, and gives its answer', async () => {
    const onRequest = vi.fn()
    const send = () => Promise.resolve(7)
    const request = { operation: 'Get', call: { onRequest }, timeoutMs: 1_000, late, send, failure }
    expect(await attempt(lifetime(), request)).toBe(7)
    expect(onRequest.mock.calls).toEqual([['Get']])
  })

  it('that fails is translated', async () => {
    const send = () => Promise.reject(new Error('SDK'))
    const request = { operation: 'Get', call: undefined, timeoutMs: 1_000, late, send, failure }
    await expect(attempt(lifetime(), request)).rejects.toMatchObject({ code: 'unavailable', message: 'translated' })
  })

  it('ends with the reason of its signal, whatever the SDK does, and its listener goes', async () => {
    const controller = new AbortController()
    const { send, sent } = hanging()
    const running = attempt(lifetime(), {
      operation: 'Get',
      call: { signal: controller.signal },
      timeoutMs: 60_000,
      late,
      send,
      failure,
    })
    controller.abort(new Error('enough'))
    await expect(running).rejects.toThrow('enough')
    expect(sent()?.aborted).toBe(true)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  it('ends when its time is over', async () => {
    const { send, sent } = hanging()
    const running = attempt(lifetime(), { operation: 'Get', call: {}, timeoutMs: 5, late, send, failure })
    await expect(running).rejects.toMatchObject({ code: 'timeout' })
    expect(sent()?.aborted).toBe(true)
  })

  it('ends when its source is disposed of, and none is made after that', async () => {
    const life = lifetime()
    const { send, sent } = hanging()
    const request = { operation: 'Get', call: {}, timeoutMs: 60_000, late, send, failure }
    const running = attempt(life, request)
    expect(life.close()).toBe(true)
    expect(life.close()).toBe(false)
    await expect(running).rejects.toMatchObject({ code: 'invalid-config', provider: 'store' })
    expect(sent()?.aborted).toBe(true)
    const onRequest = vi.fn()
    await expect(attempt(life, { ...request, call: { onRequest } })).rejects.toThrow('disposed of')
    expect(onRequest).not.toHaveBeenCalled()
  })

  it('is not made when its signal has aborted before', async () => {
    const send = vi.fn(() => Promise.resolve(1))
    const call = { signal: AbortSignal.abort(new Error('before')) }
    const request = { operation: 'Get', call, timeoutMs: 1, late, send, failure }
    await expect(attempt(lifetime(), request)).rejects.toThrow('before')
    expect(send).not.toHaveBeenCalled()
  })
})
