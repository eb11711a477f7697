import { resolve } from 'node:path'
import type { Values } from './args/parse.js'
import type { PlainOptions } from './args/policy.js'
import { flag, text } from './args/values.js'
import { optionsFor } from './places/provider-options.js'
import type { Place } from './places/resolve-place.js'
import type { SourceChoices } from './places/source-choices.js'

export interface ProgramParts {
  readonly engine: 'compare' | 'verify'
  readonly source: Place
  readonly replicas?: readonly Place[] | undefined
  readonly against?: Place | undefined
  readonly options: PlainOptions
  readonly choices: SourceChoices
  /** Whether the run is only planned. */
  readonly plan: boolean
  /** The absolute path of the file that `prices` came from. */
  readonly priceFile: string | undefined
}

/** What a program does beyond calling the engine, as the command line says it. */
export const programChoices = (values: Values): Pick<ProgramParts, 'plan' | 'priceFile'> => {
  const file = text(values, 'prices')
  return { plan: flag(values, 'plan'), priceFile: file === undefined ? undefined : resolve(file) }
}

/** The program that does with the API what the command line does: an ES module for Node, to paste and to build upon. */
export const equivalentProgram = (parts: ProgramParts): string => {
  const places = [parts.source, ...(parts.replicas ?? []), ...(parts.against === undefined ? [] : [parts.against])]
  const members = [
    `source: ${expression(parts.source, places, parts.choices)},`,
    ...(parts.replicas === undefined
      ? []
      : [`replicas: [${parts.replicas.map((place) => expression(place, places, parts.choices)).join(', ')}],`]),
    ...(parts.against === undefined ? [] : [`against: ${expression(parts.against, places, parts.choices)},`]),
    ...Object.entries(parts.options).map(([name, value]) => `${name}: ${optionExpression(name, value, parts)},`),
  ]
  return `${[
    ...(parts.priceFile === undefined ? [] : [`import { readFileSync } from 'node:fs'`]),
    `import { ${parts.engine} } from '@backproof/core/${parts.engine}'`,
    ...(parts.priceFile === undefined ? [] : [`import { parsePrices } from '@backproof/core/evidence'`]),
    `import { ${parts.plan ? 'summarizePlan' : 'exitCode, summarize'} } from '@backproof/core/report'`,
    ...imports(places),
    '',
    `const run = ${parts.engine}({`,
    ...members.map((member) => `  ${member}`),
    '})',
    ...(parts.plan ? PLANNED : REPORTED),
  ].join('\n')}\n`
}

const REPORTED: readonly string[] = [
  'const { result } = await run.report()',
  'for (const finding of result.findings) console.log(finding.outcome, JSON.stringify(finding.key))',
  'console.log(summarize(result).sentence)',
  'process.exitCode = exitCode(result)',
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
export const checkProgram = (places: readonly Place[], choices: SourceChoices): string =>
  `${[
    `import { preflight } from '@backproof/core/preflight'`,
    ...imports(places),
    '',
    'const sources = [',
    ...places.map((place) => `  ${expression(place, places, choices)},`),
    ']',
    'for (const source of sources) {',
    '  const { ok, checks } = await preflight(source)',
    '  if (!ok) process.exitCode = 3',
    "  for (const { status, title, detail, fix = '' } of checks) console.log(status, title, detail, fix)",
    '  await source[Symbol.asyncDispose]?.()',
    '}',
  ].join('\n')}\n`

const imports = (places: readonly Place[]): readonly string[] => {
  const local = new Set(places.flatMap((place) => (place.kind === 'uri' ? [] : [LOCAL_FACTORY[place.kind]])))
  return [
    ...(local.size === 0 ? [] : [`import { ${[...local].sort().join(', ')} } from '@backproof/provider-local'`]),
    ...specifiers(places).map((specifier, i) => `import { ${importOf(i)} } from ${literal(specifier)}`),
  ]
}

/** Every package exports its provider by the same name. */
const importOf = (i: number): string => (i === 0 ? providerName(i) : `provider as ${providerName(i)}`)

const LOCAL_FACTORY = {
  directory: 'localDirectory',
  checksums: 'manifestFile',
  tar: 'tarArchive',
  zip: 'zipArchive',
  bag: 'bag',
} as const

/** The packages whose providers open URIs, each once. */
const specifiers = (places: readonly Place[]): readonly string[] => [
  ...new Set(places.flatMap((place) => (place.kind === 'uri' ? [place.provider.specifier] : []))),
]

const providerName = (index: number): string => (index === 0 ? 'provider' : `provider${index + 1}`)

const expression = (place: Place, places: readonly Place[], choices: SourceChoices): string => {
  if (place.kind === 'uri') {
    const name = providerName(specifiers(places).indexOf(place.provider.specifier))
    const options = optionsFor(place.uri, choices.providers).map(
      (option) =>
        `${option.name}: ${option.variable === undefined ? literal(option.value) : `process.env.${option.variable}`}`,
    )
    const context = options.length === 0 ? '' : `, { options: { ${options.join(', ')} } }`
    return `await ${name}.fromUri(${literal(place.uri)}${context})`
  }
  if (place.kind === 'bag') {
    const { path, copy, part } = place
    return `bag(${literal({ path, ...(copy !== undefined && { copy }) })}).${part}`
  }
  const options = place.kind === 'directory' ? choices.directory : place.kind === 'checksums' ? choices.checksums : {}
  return `${LOCAL_FACTORY[place.kind]}(${literal({ path: place.path, ...options })})`
}

/** `value` (plain JSON data) as TypeScript in this repository's style. */
const literal = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([name, member]) => `${name}: ${literal(member)}`)
      .join(', ')} }`
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value)
}

/** Control characters and characters that do not show are escaped: the program is also printed on terminals. */
const quoted = (value: string): string =>
  `'${value.replace(/['\\]|[^\x20-\x7e\u00a1-\u00ac\u00ae-\u024f]/g, (character) => {
    const unit = character.charCodeAt(0)
    return unit === 0x27 || unit === 0x5c ? `\\${character}` : `\\u${unit.toString(16).padStart(4, '0')}`
  })}'`
