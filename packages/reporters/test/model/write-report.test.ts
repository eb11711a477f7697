import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Kept, type ProofDocument, type Reporter, writeReport, writeReportFile } from '../../src/index.js'
import { comparison } from '../support/proofs.js'

let directory: string
let document: Kept<ProofDocument>
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'backproof-report-'))
  document = await comparison([['a', 'gone']])
})
afterEach(async () => {
  await document[Symbol.asyncDispose]()
  rmSync(directory, { recursive: true })
})

const reporter = (render: Reporter['render']): Reporter => ({
  format: 'test',
  mediaType: 'text/plain',
  extension: 'txt',
  render,
})
const pieces = (count: number, piece = 'x'.repeat(1_000)): Reporter =>
  reporter(async function* () {
    for (let i = 0; i < count; i += 1) yield piece
  })
const breaking = reporter(async function* () {
  yield 'half'
  throw new Error('no more')
})

describe('to a stream', () => {
  it('waits for it, so that little is held, and leaves it open', async () => {
    let held = 0
    let written = 0
    const sink = new Writable({
      highWaterMark: 2_000,
      write: (chunk: Buffer, _, done) => {
        held = Math.max(held, sink.writableLength)
        written += chunk.length
        setImmediate(done)
      },
    })
    await writeReport(document, pieces(100), sink)
    expect([written, sink.writableEnded]).toEqual([100_000, false])
    expect(held).toBeLessThanOrEqual(3_000)
    expect(sink.listenerCount('error')).toBe(0)
  })

  it('rejects with what the stream failed with, also when it fails late', async () => {
    const full = (after: number): Writable => {
      let left = after
      return new Writable({
        highWaterMark: 10,
        write: (_, __, done) => {
          left -= 1
          setImmediate(() => done(left < 0 ? new Error('the disk is full') : null))
        },
      })
    }
    for (const after of [0, 3, 9])
      await expect(writeReport(document, pieces(10), full(after))).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('The test report could not be written: the disk is full'),
      })
  })

  it('rejects when its reader went away', async () => {
    const sink = new PassThrough({ highWaterMark: 1 })
    setImmediate(() => sink.destroy())
    await expect(writeReport(document, pieces(100), sink)).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('passes on what the format throws', async () => {
    await expect(writeReport(document, breaking, new PassThrough())).rejects.toThrow('no more')
  })
})

describe('to a file', () => {
  it('is there when it is complete', async () => {
    const path = join(directory, 'r.txt')
    writeFileSync(path, 'earlier')
    await writeReportFile(document, pieces(3, 'new'), path)
    expect(readFileSync(path, 'utf8')).toBe('newnewnew')
    expect(readdirSync(directory)).toEqual(['r.txt'])
  })

  it('leaves the earlier one where it fails', async () => {
    const path = join(directory, 'r.txt')
    writeFileSync(path, 'earlier')
    await expect(writeReportFile(document, breaking, path)).rejects.toThrow('no more')
    expect(readFileSync(path, 'utf8')).toBe('earlier')
    expect(readdirSync(directory)).toEqual(['r.txt'])
  })

  it('says which file cannot be written', async () => {
    const path = join(directory, 'not', 'there\n.txt')
    await expect(writeReportFile(document, pieces(1), path)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/^The test report could not be written to .+there\\n\.txt: /),
    })
  })
})
