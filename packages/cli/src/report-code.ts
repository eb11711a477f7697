import { resolve } from 'node:path'
import type { ReportChoice } from './args/report-choices.js'
import { literal } from './output/literal.js'

/** What a program says that writes reports. */
export interface ReportCode {
  readonly imports: readonly string[]
  /** Statements; `run` is the run, and they make `result`. */
  readonly statements: readonly string[]
  /** The same for the end of the program. */
  readonly last: readonly string[]
  /** Whether a report takes the place of what the program would print. */
  readonly printed: boolean
}

/** What reports are made with, as expressions: `undefined` where there is nothing to say. */
export interface ReportSettings {
  readonly frameworks?: string | undefined
  readonly file?: string | undefined
}

/** `undefined`: no reports are asked for. */
export const reportCode = (choices: readonly ReportChoice[], settings: ReportSettings = {}): ReportCode | undefined => {
  if (choices.length === 0) return undefined
  const printed = choices.some(({ path }) => path === '-')
  const writers = [
    ...(printed ? ['writeReport'] : []),
    ...(choices.some(({ path }) => path !== '-') ? ['writeReportFile'] : []),
  ]
  const factories = new Map<string, Set<string>>()
  for (const { format } of choices)
    factories.set(format.from, (factories.get(format.from) ?? new Set()).add(format.factory))
  return {
    imports: [
      ...[...factories]
        .toSorted()
        .map(([from, names]) => `import { ${[...names].toSorted().join(', ')} } from '${from}'`),
      `import { ${['keepRun', ...writers].join(', ')} } from '@backproof/reporters/model'`,
    ],
    statements: [
      'const document = await keepRun(run)',
      'const { result } = document.report',
      ...choices.map(({ format, path }) => {
        const given = format.heeds.flatMap((name) => {
          const value = settings[name]
          return value === undefined ? [] : [name === value ? name : `${name}: ${value}`]
        })
        const reporter = `${format.factory}(${given.length === 0 ? '' : `{ ${given.join(', ')} }`})`
        return path === '-'
          ? `await writeReport(document, ${reporter}, process.stdout)`
          : `await writeReportFile(document, ${reporter}, ${literal(resolve(path))})`
      }),
    ],
    last: ['await document[Symbol.asyncDispose]()'],
    printed,
  }
}
