import { resolve } from 'node:path'
import type { AuditOptions, AuditRule } from '@backproof/core/audit'
import type { HistoryPlace, LoadedPolicy } from '@backproof/core/policy'
import type { ReportChoice } from '../args/report-choices.js'
import type { RuleSets } from '../args/rule-sets.js'
import { literal } from '../output/literal.js'
import { placeCode } from '../places/place-code.js'
import type { Place } from '../places/resolve-place.js'
import type { SourceChoices } from '../places/source-choices.js'
import { reportCode } from '../report-code.js'

export interface AuditProgramParts {
  /** Of the policy. */
  readonly path: string
  readonly loaded: Pick<LoadedPolicy, 'histories'>
  readonly rules: readonly AuditRule[]
  /** Where they come from presets, their code; frameworks by whose clauses the program reports. */
  readonly sets: Pick<RuleSets, 'code' | 'frameworks'>
  /** The places with recovery points, in the order of the policy. */
  readonly places: readonly Place[]
  readonly choices: SourceChoices
  readonly options: Pick<AuditOptions, 'maxAge' | 'concurrency' | 'findingsLimit' | 'tempDirectory'>
  readonly at: Date | undefined
  readonly reports: readonly ReportChoice[]
}

/** The program that does with the API what `audit` does: an ES module for Node, to paste and to build upon. */
export const auditProgram = (parts: AuditProgramParts): string => {
  const { path, sets, options, at } = parts
  const frameworks = sets.frameworks.map(({ id }) => id)
  const reports = reportCode(parts.reports, {
    file: literal(path),
    ...(frameworks.length > 0 && { frameworks: 'frameworks' }),
  })
  const charts = parts.reports.some(({ format }) => format.charts)
  const { imports, collectors } = collectorCode(parts)
  const settings = Object.entries(options).filter(([, value]) => value !== undefined)
  const members = [
    'policy,',
    ...ruleMembers(parts),
    ...(collectors.length === 0 ? [] : ['collectors: [', ...collectors.map((one) => `  ${one},`), '],']),
    ...settings.map(([name, value]) => `${name}: ${literal(value)},`),
    ...(at === undefined ? [] : [`now: () => new Date(${literal(at.toISOString())}),`]),
    ...(charts ? ['measures: reportMeasures(),'] : []),
  ]
  const printed = reports?.printed !== true
  const audits = [
    'audit',
    ...(frameworks.length > 0 && printed ? ['clauseView'] : []),
    ...(frameworks.length > 0 ? ['FRAMEWORKS'] : []),
  ]
  return `${[
    `import { ${audits.join(', ')} } from '@backproof/core/audit'`,
    ...(imports.history === undefined ? [] : [imports.history]),
    `import { loadPolicy } from '@backproof/core/policy'`,
    `import { ${printed ? 'exitCode, summarizeAudit' : 'exitCode'} } from '@backproof/core/report'`,
    ...imports.places,
    ...(charts ? [`import { reportMeasures } from '@backproof/reporters/measures'`] : []),
    ...(reports?.imports ?? []),
    ...ruleImports(parts),
    '',
    `const { policy } = await loadPolicy(${literal(resolve(path))})`,
    ...(frameworks.length === 0
      ? []
      : [`const frameworks = FRAMEWORKS.filter(({ id }) => ${literal(frameworks)}.includes(id))`]),
    reports === undefined ? 'const { result } = await audit({' : 'const run = audit({',
    ...members.map((member) => `  ${member}`),
    ...(reports === undefined ? ['}).report()'] : ['})', ...reports.statements]),
    ...(printed ? printing(frameworks.length > 0) : []),
    'process.exitCode = exitCode(result)',
    ...(reports?.last ?? []),
  ].join('\n')}\n`
}

const printing = (clauses: boolean): readonly string[] => [
  'for (const { status, rule, target, text } of result.findings)',
  '  console.log(status, rule, JSON.stringify(target.id), JSON.stringify(text))',
  ...(clauses
    ? [
        'for (const framework of frameworks)',
        '  for (const { clause, status, reason } of clauseView(result, framework).clauses)',
        '    console.log(framework.id, clause, status, reason)',
      ]
    : []),
  'console.log(summarizeAudit(result).sentence)',
]

const ruleMembers = ({ rules, sets: { code } }: AuditProgramParts): readonly string[] => {
  if (code !== undefined) return [`rules: ${code.rules},`]
  return ['rules: [', ...rules.map((rule) => `  ${ruleCode(rule)},`), '],']
}

const ruleImports = ({ rules, sets: { code } }: AuditProgramParts): readonly string[] => {
  if (code !== undefined) return code.imports
  const names = new Set(rules.map(({ meta }) => exportOf(meta.id)))
  return [`import { ${[...names].toSorted().join(', ')} } from '@backproof/rules'`]
}

/** `jobSuccessRate` exports `job-success-rate`. */
const exportOf = (id: string): string => id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** A rule with what is not its default. */
const ruleCode = ({ meta, name, severity, select, options }: AuditRule): string => {
  const given = Object.entries(options).filter(
    ([option, value]) => JSON.stringify(value) !== JSON.stringify(meta.options[option]?.default),
  )
  const config = {
    ...(name !== meta.id && { as: name }),
    ...(severity !== meta.severity && { severity }),
    ...(select !== undefined && { select }),
  }
  const hasConfig = Object.keys(config).length > 0
  const args = [
    ...(given.length > 0 || hasConfig ? [literal(Object.fromEntries(given))] : []),
    ...(hasConfig ? [literal(config)] : []),
  ]
  return `${exportOf(meta.id)}(${args.join(', ')})`
}

interface CollectorCode {
  readonly imports: { readonly history: string | undefined; readonly places: readonly string[] }
  readonly collectors: readonly string[]
}

const collectorCode = ({ loaded: { histories }, places, choices }: AuditProgramParts): CollectorCode => {
  const { jobs, recoveryPoints, drills, capacity, reports } = histories
  const { imports, expression } = placeCode(places, choices)
  const points = recoveryPoints.filter((one): one is HistoryPlace => one.kind === 'place')
  const lines = (factory: string, files: readonly { readonly kind: string; readonly file?: string }[]): string[] =>
    files.flatMap(({ file }) => (file === undefined ? [] : [`${factory}({ path: ${literal(file)} })`]))
  const history = [
    ...lines('jobLines', jobs),
    ...lines('recoveryPointLines', recoveryPoints),
    ...points.map(({ kind: _, declared: __, source: ___, ...how }, i) => {
      const members = Object.entries(how).map(([name, value]) => `, ${name}: ${literal(value)}`)
      return `recoveryPointsOf({ source: ${expression(places[i]!)}${members.join('')} })`
    }),
    ...lines('drillLines', drills),
    ...lines('capacityLines', capacity),
    ...(reports.length > 0 ? [`reportFiles({ paths: ${literal(reports.map(({ file }) => file))} })`] : []),
  ]
  const disks = capacity.flatMap((one) =>
    one.kind === 'disk' ? [`diskCapacity(${literal({ path: one.path, store: one.store })})`] : [],
  )
  const names = [...new Set(history.map((code) => code.slice(0, code.indexOf('('))))].toSorted()
  return {
    imports: {
      history: names.length > 0 ? `import { ${names.join(', ')} } from '@backproof/core/history'` : undefined,
      places: [
        ...imports,
        ...(disks.length > 0 ? [`import { diskCapacity } from '@backproof/provider-local/facts'`] : []),
      ],
    },
    collectors: [...history, ...disks],
  }
}
