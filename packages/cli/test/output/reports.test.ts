import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { compare } from '@backproof/core/compare'
import type { ObjectFinding, Report } from '@backproof/core/report'
import { memorySource } from '@backproof/core/testing'
import { FORMATS } from '@backproof/reporters/formats'
import { documentFromRows } from '@backproof/reporters/model'
import { describe, expect, it } from 'vitest'
import type { ReportChoice } from '../../src/args/report-choices.js'
import { collect } from '../../src/collect.js'
import { openReports, type ReportContext, type Reports } from '../../src/output/reports.js'
import { temporaryDirectory, writeTree } from '../support/tree.js'

const choice = (format: string, path: string): ReportChoice => ({
  format: FORMATS.find((one) => one.format === format)!,
  path,
})
const opened = (
  choices: readonly ReportChoice[],
  context: Partial<ReportContext> = {},
): Promise<Reports<ObjectFinding, Report>> =>
  openReports<ObjectFinding, Report>(choices, documentFromRows, {
    directories: [],
    files: [],
    tempDirectory: undefined,
    options: {},
    terminal: {},
    ...context,
  })

/** What a run writes. */
const written = async (choices: readonly ReportChoice[], context: Partial<ReportContext> = {}): Promise<void> => {
  const reports = await opened(choices, context)
  try {
    const replicas = [memorySource({ a: 'x' }, { uri: 'memory://b' })]
    const report = await collect(compare({ source: memorySource({ a: 'x', b: 'y' }), replicas }), reports)
    await reports.write(report)
  } finally {
    await reports.close()
  }
}

describe('reports', () => {
  it('are written when the run is over, every one of all rows', async () => {
    const directory = temporaryDirectory()
    const path = (name: string): string => join(directory, name)
    await written(FORMATS.map(({ format }) => choice(format, path(format))))
    expect(readdirSync(directory).toSorted()).toEqual(FORMATS.map(({ format }) => format).toSorted())
    expect(readFileSync(path('csv'), 'utf8').trimEnd().split('\r\n')).toHaveLength(3)
    expect(readFileSync(path('ndjson'), 'utf8').trimEnd().split('\n')).toHaveLength(4)
    expect(readFileSync(path('junit'), 'utf8')).toContain('<testsuites name="backproof compare" tests="3" failures="2"')
  })

  it('take the place of earlier ones of their format, again and again, and of an empty file', async () => {
    for (const { format } of FORMATS) {
      const path = join(writeTree(temporaryDirectory(), { r: '' }), 'r')
      await written([choice(format, path)])
      const size = readFileSync(path).length
      await written([choice(format, path)])
      expect(readFileSync(path).length).toBeGreaterThan(size / 2)
    }
  })

  it.each([
    ['a policy', 'schema: backproof.policy/v1\n'],
    ['a report of another format', '{\n  "result": {\n    "schema": "backproof.report/v1"\n'],
    ['a byte', 'x'],
  ])('do not take the place of %s', async (_, text) => {
    const path = join(writeTree(temporaryDirectory(), { 'it\u0007': text }), 'it\u0007')
    for (const { format } of FORMATS.filter((one) => one.format !== 'json'))
      await expect(opened([choice(format, path)])).rejects.toThrow(
        /it\\x07: there is a file which holds something else/,
      )
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('do not take the place of what the run reads, under whatever name', async () => {
    const directory = writeTree(temporaryDirectory(), { 'earlier.json': '{\n  "result": {\n    "schema": "backproof.' })
    const file = join(directory, 'earlier.json')
    const link = join(directory, 'link.json')
    symlinkSync(file, link)
    for (const path of [file, link])
      await expect(opened([choice('json', path)], { files: [file] })).rejects.toThrow('the run reads this file')
    await (await opened([choice('json', file)])).close()
  })

  it('do not go into a place that is read', async () => {
    const directory = temporaryDirectory()
    mkdirSync(join(directory, 'a'))
    const context = { directories: [directory] }
    for (const path of [join(directory, 'r.csv'), join(directory, 'a', 'r.csv')])
      await expect(opened([choice('csv', path)], context)).rejects.toThrow('lies inside of')
    await (await opened([choice('csv', `${directory}.csv`)], context)).close()
  })

  it('that cannot be written say so before the run, and leave nothing', async () => {
    const directory = temporaryDirectory()
    const choices = [choice('csv', join(directory, 'r.csv')), choice('html', join(directory, 'no', 'r.html'))]
    await expect(opened(choices)).rejects.toMatchObject({ code: 'internal' })
    expect(readdirSync(directory)).toEqual([])
    await expect(opened([choice('csv', directory)])).rejects.toMatchObject({ code: 'internal' })
  })

  it('that fail in the end leave the others', async () => {
    const directory = temporaryDirectory()
    const path = join(directory, 'r.csv')
    await expect(written([choice('json', '/dev/full'), choice('csv', path)])).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringMatching(/^\/dev\/full could not be written: the disk is full\n/),
    })
    expect(existsSync(path)).toBe(true)
  })

  it('are not there where the run was not finished', async () => {
    const directory = temporaryDirectory()
    const reports = await opened([choice('csv', join(directory, 'r.csv'))])
    // Whoever kills it now leaves nothing behind either.
    expect(readdirSync(directory)).toEqual([])
    await reports.close()
    expect(readdirSync(directory)).toEqual([])
  })

  it('go into what is no file as it is, which is held open until then', async () => {
    const fifo = join(temporaryDirectory(), 'fifo')
    execFileSync('mkfifo', [fifo])
    const reader = execFile('cat', [fifo])
    const chunks: string[] = []
    reader.stdout!.on('data', (chunk: string) => chunks.push(chunk))
    await written([choice('csv', fifo)])
    await once(reader, 'close')
    expect(chunks.join('').split('\r\n')).toHaveLength(4)
  })
})
