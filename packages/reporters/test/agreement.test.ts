import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FORMATS, githubReporter, type ReportDocument, type Reporter, reporterOf } from '../src/index.js'
import { csvSays } from './csv/read-csv.js'
import { githubSays } from './github/read-github.js'
import { readHtml } from './html/read-html.js'
import { jsonSays } from './json/read-json.js'
import { junitSays } from './junit/read-junit.js'
import { markdownSays } from './markdown/read-markdown.js'
import { ndjsonSays } from './ndjson/read-ndjson.js'
import { ocsfSays } from './ocsf/read-ocsf.js'
import { sarifSays } from './sarif/read-sarif.js'
import { type Assets, auditOf, VERDICTS } from './support/audits.js'
import { hostileName } from './support/hostile.js'
import { comparison, STATES, type States, verification } from './support/proofs.js'
import { expectedOf, type ReadBack } from './support/read-back.js'
import { samples } from './support/samples.js'
import { textOf } from './support/text-of.js'
import { terminalSays } from './terminal/read-terminal.js'

interface Reader {
  /** Reads a file of the format by its own means: a parser of it, never the code that wrote it. */
  readonly read: (text: string) => ReadBack | Promise<ReadBack>
  /** Statuses that the format has no rows for. */
  readonly without?: readonly string[]
  /** It has no rows with a waiver. */
  readonly withoutWaived?: true
  /** One that leaves out no rows. Default: the one of the name. */
  readonly reporter?: () => Reporter
}

const READERS: Readonly<Record<string, Reader>> = {
  terminal: { read: terminalSays },
  json: { read: jsonSays },
  ndjson: { read: ndjsonSays },
  markdown: { read: markdownSays },
  csv: { read: csvSays },
  junit: { read: junitSays },
  sarif: { read: sarifSays },
  'code-scanning': {
    read: sarifSays,
    without: ['pass', 'unknown', 'review', 'not-applicable'],
    withoutWaived: true,
  },
  ocsf: { read: ocsfSays },
  github: {
    read: githubSays,
    without: ['pass', 'not-applicable'],
    reporter: () => githubReporter({ limit: Number.POSITIVE_INFINITY }),
  },
  html: { read: readHtml },
}

/** What formats say otherwise than the result; `{}` when all agree. */
const disagreements = async (document: ReportDocument): Promise<Record<string, unknown>> => {
  const wrong: Record<string, unknown> = {}
  for (const { format } of FORMATS) {
    const { read, without = [], withoutWaived, reporter = () => reporterOf(format) } = READERS[format]!
    const said = await read(await textOf(await reporter(), document))
    const all = expectedOf(document, ...without)
    const expected = withoutWaived ? unwaived(all) : all
    if (!isSame(said, expected)) wrong[format] = { said, expected }
  }
  return wrong
}

const unwaived = ({ statuses: { fail = 0, ...others }, waived, exitCode }: ReadBack): ReadBack => ({
  statuses: fail === waived ? others : { ...others, fail: fail - waived },
  waived: 0,
  exitCode,
})

const isSame = (said: ReadBack, wanted: ReadBack): boolean => {
  try {
    expect(said).toEqual(wanted)
    return true
  } catch {
    return false
  }
}

it('every format is read back', () => {
  expect(FORMATS.map(({ format }) => format).toSorted()).toEqual(Object.keys(READERS).toSorted())
})

describe('all formats say of one run what its result says', () => {
  it('of everything that can be said, under hostile names', async () => {
    await using all = await samples()
    for (const document of all.all) expect(await disagreements(document)).toEqual({})
  })

  const severity = fc.constantFrom('critical', 'high', 'medium', 'low', 'info')
  const assets: fc.Arbitrary<Assets> = fc.uniqueArray(
    fc.record({ id: hostileName, said: fc.constantFrom(...VERDICTS), severity, quoted: hostileName }),
    { maxLength: 8, selector: ({ id }) => id },
  ) as fc.Arbitrary<Assets>
  const states: fc.Arbitrary<States> = fc.uniqueArray(fc.tuple(hostileName, fc.constantFrom(...STATES)), {
    maxLength: 8,
    selector: ([key]) => key,
  })
  const choices = fc.record({ extras: fc.constantFrom('fail', 'allow'), findingsLimit: fc.constantFrom(0, 2, 1_000) })

  it('of any audit', async () => {
    await fc.assert(
      fc.asyncProperty(assets, async (given) => {
        await using document = await auditOf(given)
        expect(await disagreements(document)).toEqual({})
      }),
      { numRuns: 15 },
    )
  })

  it.each([
    ['comparison', comparison],
    ['verification', verification],
  ])('of any %s', async (_, run) => {
    await fc.assert(
      fc.asyncProperty(states, choices, async (given, chosen) => {
        await using document = await run(given, chosen as Parameters<typeof run>[1])
        expect(await disagreements(document)).toEqual({})
      }),
      { numRuns: 15 },
    )
  })
})
