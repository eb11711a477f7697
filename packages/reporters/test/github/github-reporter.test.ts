import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { githubReporter, type ReportDocument, statusCounts } from '../../src/index.js'
import { auditOf } from '../support/audits.js'
import { expectedOf } from '../support/read-back.js'
import { type Samples, samples } from '../support/samples.js'
import { textOf } from '../support/text-of.js'
import { type GithubCommand, githubSays, readGithub } from './read-github.js'

let all: Samples
beforeAll(async () => {
  all = await samples()
})
afterAll(() => all[Symbol.asyncDispose]())

const everything = { limit: Number.POSITIVE_INFINITY }
type Options = Parameters<typeof githubReporter>[0]
const written = (document: ReportDocument, options?: Options): Promise<string> =>
  textOf(githubReporter(options), document)

describe('the log', () => {
  it('agrees with the result, read back', async () => {
    for (const document of all.all) {
      const log = await written(document, everything)
      expect(githubSays(log)).toEqual(expectedOf(document, 'pass', 'not-applicable'))
    }
  })

  it('has one command a line, whatever names are', async () => {
    for (const document of all.all) {
      const log = await written(document, everything)
      const lines = log.split('\n').slice(0, -1)
      expect(lines.filter((line) => !/^::(error|warning|notice) title=/.test(line))).toEqual([])
      expect(readGithub(log)).toHaveLength(lines.length)
      // The older form of commands may stand anywhere in a line that is none of the newer form.
      expect(log).not.toMatch(/\r|^.*##\[/)
    }
  })

  it('is the same each time', async () => {
    for (const document of all.all) expect(await written(document)).toBe(await written(document))
  })
})

describe('an annotation', () => {
  const about = async (id: string): Promise<readonly GithubCommand[]> =>
    readGithub(await written(all.audit, everything)).filter(({ data }) => data.startsWith(`asset ${id}`))

  it('has the level of its row', async () => {
    expect(await about('shop-0')).toEqual([])
    expect(await about('shop-4')).toEqual([])
    const levels = { 'shop-1': 'error', 'shop-2': 'notice', 'shop-3': 'notice', 'shop-5': 'error', 'shop-6': 'warning' }
    for (const [id, level] of Object.entries(levels)) {
      expect((await about(id)).map(({ command }) => command)).toEqual([level])
    }
  })

  it('points at the line that declares the target, and says what to do', async () => {
    expect(await about('shop-1')).toEqual([
      {
        command: 'error',
        properties: { title: 'What is said of an asset: fail (high)', file: 'shop-1.yaml', line: '2' },
        data: [
          'asset shop-1 (run 1): run 1 is bad',
          '- job-run run 1  2026-11-20T01:00:00.000Z  status=run 1',
          'What to do: Mend what is quoted',
          'Rule told-rule',
        ].join('\n'),
      },
    ])
  })

  it('says who accepted what is waived', async () => {
    const [waived] = await about('shop-2')
    expect(waived!.properties['title']).toBe('What is said of an asset: fail, waived (medium)')
    expect(waived!.data).toContain('Waived until 2026-12-01T23:59:59.999Z: accepted: run 2; approved by run 2')
  })

  it('of an object has the file that it is given, or none', async () => {
    const [, ...without] = readGithub(await written(all.compare))
    expect(without.filter(({ properties }) => 'file' in properties)).toEqual([])
    const [, ...rows] = readGithub(await written(all.compare, { file: 'backproof.yaml' }))
    expect(rows.length).toBeGreaterThan(0)
    expect(
      rows.filter(({ properties }) => properties['file'] !== 'backproof.yaml' || properties['line'] !== '1'),
    ).toEqual([])
  })
})

describe('the verdict', () => {
  it('comes first, at the level of the exit code', async () => {
    const verdicts = await Promise.all(all.all.map(async (one) => readGithub(await written(one))[0]!.command))
    expect(verdicts).toEqual(['error', 'error', 'error', 'notice', 'warning', 'warning'])
    const [verdict] = readGithub(await written(all.compare))
    expect(verdict!.properties['title']).toBe('Backproof compare')
    expect(verdict!.data).toMatch(/^NOT proven: /)
  })
})

describe('the limit', () => {
  it('leaves ten of each level, the most severe, and says how many there are more', async () => {
    const assets = Array.from({ length: 60 }, (_, i) => ({
      id: `a${String(i).padStart(2, '0')}`,
      said: i % 3 === 2 ? ('review' as const) : ('fail' as const),
      severity: i % 3 === 0 ? ('medium' as const) : i < 30 ? ('high' as const) : ('critical' as const),
      quoted: 'x',
    }))
    await using document = await auditOf(assets)
    const log = await written(document)
    const commands = readGithub(log)
    const ofLevel = (level: string) => commands.filter(({ command }) => command === level)
    expect(ofLevel('error')).toHaveLength(10)
    expect(ofLevel('warning')).toHaveLength(10)
    expect(ofLevel('notice')).toHaveLength(10)
    expect(
      ofLevel('error')
        .slice(1)
        .map(({ data }) => data.slice(6, 9)),
    ).toEqual(['a31', 'a34', 'a37', 'a40', 'a43', 'a46', 'a49', 'a52', 'a55'])
    expect(log.split('\n').at(-2)).toBe(
      'Not annotated, as there are too many: 11 of the level error, 10 of the level warning, 10 of the level notice.',
    )
  })

  it('has to be a whole number', () => {
    for (const limit of [-1, 1.5, Number.NaN]) expect(() => githubReporter({ limit })).toThrow(/whole number/)
  })

  it('of nothing leaves the verdict', async () => {
    const log = await written(all.audit, { limit: 0 })
    expect(readGithub(log)).toHaveLength(1)
    const { statuses } = statusCounts(all.audit)
    const rows = statuses.fail + statuses.error + statuses.unknown + statuses.review
    const told = [
      ...log
        .split('\n')
        .at(-2)!
        .matchAll(/(\d+) of/g),
    ].reduce((sum, [, count]) => sum + Number(count), 0)
    expect(told).toBe(rows)
  })
})
