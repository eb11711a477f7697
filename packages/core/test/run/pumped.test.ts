import { Transform } from 'node:stream'
import { createGunzip, gzipSync } from 'node:zlib'
import { pumped } from '@backproof/core/run'
import { describe, expect, it } from 'vitest'

const collected = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(Uint8Array.from(chunk))
  return Buffer.concat(all).toString()
}

const upperCase = (): Transform =>
  new Transform({
    transform(chunk: Buffer, _, done) {
      setImmediate(() => done(null, chunk.toString().toUpperCase()))
    },
  })

describe('bytes through an engine', () => {
  it('may come in memory that is used again', async () => {
    async function* reusing(): AsyncGenerator<Uint8Array> {
      const memory = Buffer.alloc(1)
      for (const one of 'abcdef') {
        memory.write(one)
        yield memory
        memory.fill('?')
      }
    }
    expect(await collected(pumped(reusing(), upperCase()))).toBe('ABCDEF')
  })

  it.each([[new Error('of the source')], ['a reason that is no Error'], [undefined]])(
    'that break off: %s, as it is, and the engine is gone',
    async (reason) => {
      const engine = upperCase()
      async function* breaking(): AsyncGenerator<Uint8Array> {
        yield Buffer.from('a')
        throw reason
      }
      const seen = await collected(pumped(breaking(), engine)).then(
        () => 'nothing was thrown',
        (error: unknown) => ({ error }),
      )
      expect(seen).toEqual({ error: reason })
      expect(engine.destroyed).toBe(true)
    },
  )

  it('that are damaged: what the engine says', async () => {
    const bytes = gzipSync('hello')
    async function* cut(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, -4)
    }
    await expect(collected(pumped(cut(), createGunzip()))).rejects.toMatchObject({ code: 'Z_BUF_ERROR' })
  })

  it('that break off behind the end of what the engine takes are no whole', async () => {
    async function* zeros(): AsyncGenerator<Uint8Array> {
      yield Buffer.concat([gzipSync('hello'), Buffer.alloc(16)])
      throw new Error('of the source')
    }
    const source = zeros()
    const read = async (): Promise<string> => {
      const text = await collected(pumped(source, createGunzip()))
      for (;;) if ((await source.next()).done === true) return text
    }
    await expect(read()).rejects.toThrow('of the source')
  })

  it('may be left before their end: the engine is gone, the source stays open', async () => {
    const engine = upperCase()
    let closed = false
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.from('a')
      } finally {
        closed = true
      }
    }
    const source = endless()
    for await (const chunk of pumped(source, engine)) {
      expect(chunk.toString()).toBe('A')
      break
    }
    expect(engine.destroyed).toBe(true)
    expect(closed).toBe(false)
    expect((await source.next()).done).toBe(false)
  })
})
