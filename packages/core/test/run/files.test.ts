import { execFileSync } from 'node:child_process'
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileChunks } from '../../src/run/file-chunks.js'
import { openOutputFile } from '../../src/run/output-file.js'
import { createSink } from '../../src/run/sink.js'

let temp: string
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'files-test-'))
})
afterAll(() => rm(temp, { recursive: true, force: true }))

describe('the chunks of a file', () => {
  const path = (): string => join(temp, 'file')

  it('are all of its bytes', async () => {
    const bytes = Buffer.alloc(300_000, 'abc')
    await writeFile(path(), bytes)
    const chunks: Buffer[] = []
    for await (const chunk of fileChunks(path())) chunks.push(Buffer.from(chunk))
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
  })

  it('are of one state of it', async () => {
    const reading = fileChunks(path(), { operation: 'read' })
    await reading.next()
    await appendFile(path(), 'x')
    await expect(
      (async () => {
        for await (const _ of reading);
      })(),
    ).rejects.toMatchObject({ code: 'changed', operation: 'read', subject: path() })
  })

  it('are none of what is no file, and a FIFO is not waited for', async () => {
    const fifo = join(temp, 'fifo')
    execFileSync('mkfifo', [fifo])
    for (const place of [fifo, temp]) {
      await expect(fileChunks(place, { wanted: 'a file of rows' }).next()).rejects.toMatchObject({
        code: 'invalid-config',
        message: `${place} is no regular file; give a file of rows.`,
      })
    }
    await expect(fileChunks(join(temp, 'gone')).next()).rejects.toMatchObject({ code: 'not-found', operation: 'list' })
  })

  it('end with the signal', async () => {
    const stop = new AbortController()
    const reading = fileChunks(path(), { signal: stop.signal })
    await reading.next()
    stop.abort(new Error('enough'))
    await expect(reading.next()).rejects.toThrow('enough')
  })
})

describe('a sink', () => {
  it('gives what the stream failed with, and keeps failing', async () => {
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no space')) })
    const sink = createSink(stream, { what: 'The list', provider: 'test' })
    const error = {
      code: 'unavailable',
      retryable: false,
      provider: 'test',
      message: 'The list could not be written: no space.',
    }
    await expect(sink.write(Buffer.from('a'))).rejects.toMatchObject(error)
    await expect(sink.write(Buffer.from('b'))).rejects.toMatchObject(error)
  })

  it('leaves the stream as it was', async () => {
    const stream = new PassThrough().resume()
    const sink = createSink(stream, { what: 'The list' })
    await sink.write(Buffer.from('a'))
    sink.release()
    expect([stream.listenerCount('error'), stream.writable]).toEqual([0, true])
  })
})

describe('an output file', () => {
  const failed = (cause: Error): Error => new Error(`told: ${cause.message}`)

  it('is there when it is complete, and two at a time do not meet', async () => {
    const path = join(temp, 'out')
    const [first, second] = [await openOutputFile(path, failed), await openOutputFile(path, failed)]
    first.sink.write('first')
    second.sink.write('second')
    await first.finish()
    expect(await readFile(path, 'utf8')).toBe('first')
    await second.discard()
    await first.discard()
    expect(await readFile(path, 'utf8')).toBe('first')
    expect((await readdir(temp)).filter((name) => name.includes('partial'))).toEqual([])
  })

  it('that cannot be opened is told in the words of its caller', async () => {
    await expect(openOutputFile(join(temp, 'gone', 'out'), failed)).rejects.toThrow('told: ENOENT')
    await expect(openOutputFile(join(temp, 'file', 'out'), failed)).rejects.toThrow('told: ENOTDIR')
  })
})
