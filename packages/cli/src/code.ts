import { resolve } from 'node:path'
import type { Values } from './args/parse.js'
import type { PlainOptions } from './args/policy.js'
import { type ReportChoice, reportChoices } from './args/report-choices.js'
import { flag, text } from './args/values.js'
import { literal } from './output/literal.js'
import { placeCode } from './places/place-code.js'
import type { Place } from './places/resolve-place.js'
import type { SourceChoices } from './places/source-choices.js'
import { type ReportCode, reportCode } from './report-code.js'

export interface ProgramParts {
  readonly engine: 'compare' | 'verify'
  readonly source: Place
  readonly replicas?: readonly Place[] | undefined
  readonly against?: Place | undefined
  readonly options: PlainOptions
  readonly choices: SourceChoices
  /** Whether the run is only planned. */
  readonly plan: boolean
  readonly reports?: readonly ReportChoice[] | undefined
  /** The absolute path of the file that `prices` came from. */
  readonly priceFile: string | undefined
}

/** What a program does beyond calling the engine, as the command line says it. */
export const programChoices = (values: Values): Pick<ProgramParts, 'plan' | 'priceFile' | 'reports'> => {
  const file = text(values, 'prices')
  return {
    plan: flag(values, 'plan'),
    priceFile: file === undefined ? undefined : resolve(file),
    reports: reportChoices(values),
  }
}

/** The program that does with the API what the command line does: an ES module for Node, to paste and to build upon. */
export const equivalentProgram = (parts: ProgramParts): string => {
  const places = [parts.source, ...(parts.replicas ?? []), ...(parts.against === undefined ? [] : [parts.against])]
  const { imports, expression } = placeCode(places, parts.choices)
  const reports = parts.plan ? undefined : reportCode(parts.reports ?? [])
  const members = [
    `source: ${expression(parts.source)},`,
    ...(parts.replicas === undefined ? [] : [`replicas: [${parts.replicas.map(expression).join(', ')}],`]),
    ...(parts.against === undefined ? [] : [`against: ${expression(parts.against)},`]),
    ...Object.entries(parts.options).map(([name, value]) => `${name}: ${optionExpression(name, value, parts)},`),
  ]
  return `${[
    ...(parts.priceFile === undefined ? [] : [`import { readFileSync } from 'node:fs'`]),
    `import { ${parts.engine} } from '@backproof/core/${parts.engine}'`,
    ...(parts.priceFile === undefined ? [] : [`import { parsePrices } from '@backproof/core/evidence'`]),
    `import { ${parts.plan ? 'summarizePlan' : reports?.printed === true ? 'exitCode' : 'exitCode, summarize'} } from '@backproof/core/report'`,
    ...imports,
    ...(reports?.imports ?? []),
    '',
    `const run = ${parts.engine}({`,
    ...members.map((member) => `  ${member}`),
    '})',
    ...(parts.plan ? PLANNED : reported(reports)),
  ].join('\n')}\n`
}

const reported = (reports: ReportCode | undefined): readonly string[] => [
  ...(reports?.statements ?? ['const { result } = await run.report()']),
  ...(reports?.printed === true
    ? []
    : [
        'for (const finding of result.findings) console.log(finding.outcome, JSON.stringify(finding.key))',
        'console.log(summarize(result).sentence)',
      ]),
  'process.exitCode = exitCode(result)',
  ...(reports?.last ?? []),
]

const PLANNED: readonly string[] = [
  'const { details, sentence } = summarizePlan(await run.plan())',
  'for (const line of [...details, sentence]) console.log(line)',
]

const optionExpression = (name: string, value: unknown, { priceFile }: ProgramParts): string => {
  if (name !== 'prices' || priceFile === undefined) return literal(value)
  const path = literal(priceFile)
  return `parsePrices(JSON.parse(readFileSync(${path}, 'utf8')), ${path})`
}

/** The program that does what `check` does. */
export const checkProgram = (places: readonly Place[], choices: SourceChoices): string => {
  const { imports, expression } = placeCode(places, choices)
  return `${[
    `import { preflight } from '@backproof/core/preflight'`,
    ...imports,
    '',
    'const sources = [',
    ...places.map((place) => `  ${expression(place)},`),
    ']',
    'for (const source of sources) {',
    '  const { ok, checks } = await preflight(source)',
    '  if (!ok) process.exitCode = 3',
    "  for (const { status, title, detail, fix = '' } of checks) console.log(status, title, detail, fix)",
    '  await source[Symbol.asyncDispose]?.()',
    '}',
  ].join('\n')}\n`
}
