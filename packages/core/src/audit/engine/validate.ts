import { BackupError } from '../../errors.js'
import { checkOptionNames, showValue } from '../../source/option-check.js'
import type { AuditCollector, FactCollector } from '../collector.js'
import { WAIVER_RULE } from '../finding.js'
import type { HistorySource } from '../history.js'
import type { AuditOptions } from '../options.js'
import type { AuditRule } from '../rule.js'
import { ESTATE } from '../target.js'
import { SEVERITIES } from '../verdict.js'
import { wrongTargets } from './forms.js'

const KNOWN: readonly (keyof AuditOptions)[] = [
  'rules',
  'targets',
  'collectors',
  'policy',
  'measures',
  'waivers',
  'maxAge',
  'collectTimeoutMs',
  'ruleTimeoutMs',
  'signal',
  'onProgress',
  'concurrency',
  'retry',
  'findingsLimit',
  'now',
  'tempDirectory',
]

/** @throws BackupError `invalid-config` for options that cannot work. */
export const validateAudit = (options: AuditOptions): void => {
  checkOptionNames('audit', options, KNOWN)
  const { rules, collectors = [], targets, policy, now } = options
  if (!Array.isArray(rules) || rules.length === 0)
    throw refused('`rules` is empty: an audit of nothing proves nothing. Give at least one rule.')
  rules.forEach(checkRule)
  const names = new Set<string>()
  for (const { name, meta } of rules) {
    if (names.has(name))
      throw refused(
        `Two rules have the name ${name}. Give one of them another: rule(options, { as: '${name}-strict' }).`,
      )
    if (name === WAIVER_RULE && meta.id !== WAIVER_RULE)
      throw refused(`The name ${WAIVER_RULE} is taken: findings about waivers have it.`)
    names.add(name)
  }
  for (const name of ['collectors', 'waivers', 'measures'] as const)
    if (options[name] !== undefined && !Array.isArray(options[name]))
      throw refused(`\`${name}\` is ${showValue(options[name])}; it must be a list.`)
  collectors.forEach(checkCollector)
  checkMeasures(options.measures ?? [])
  const wrong = targets === undefined ? undefined : wrongTargets(targets)
  if (wrong !== undefined) throw refused(`\`targets\` is ${wrong}.`)
  if (policy !== undefined && !isPolicy(policy))
    throw refused(`\`policy\` is ${showValue(policy)} and no policy. loadPolicy of @backproof/core/policy reads one.`)
  if (now !== undefined && typeof now !== 'function')
    throw refused(`\`now\` is ${showValue(now)}; it must be a function that gives a Date, such as () => new Date().`)
  const numbers = { maxAge: 0, collectTimeoutMs: 1, ruleTimeoutMs: 1, concurrency: 1, findingsLimit: 0 }
  for (const [name, least] of Object.entries(numbers)) {
    const value = options[name as keyof typeof numbers]
    if (value !== undefined && !(typeof value === 'number' && value >= least))
      throw refused(`\`${name}\` is ${showValue(value)}; it must be a number of at least ${least}.`)
  }
  const { concurrency = 1 } = options
  if (!Number.isInteger(concurrency) && concurrency !== Number.POSITIVE_INFINITY)
    throw refused(`\`concurrency\` is ${concurrency}; it must be a whole number.`)
}

const checkMeasures = (measures: readonly unknown[]): void => {
  const names = new Set<string>()
  for (const [i, measure] of measures.entries()) {
    if (!isObject(measure) || measure['specVersion'] !== 'v1' || typeof measure['measure'] !== 'function')
      throw refused(`\`measures[${i}]\` is no measure of specVersion v1. Make measures with defineMeasure.`)
    const name = String(measure['name'])
    if (names.has(name)) throw refused(`Two measures have the name ${name}.`)
    names.add(name)
  }
}

/** Whether it can be one: what is in it is for its loader. */
const isPolicy = (policy: unknown): boolean =>
  isObject(policy) && ['assets', 'plans', 'stores'].every((name) => Array.isArray(policy[name]))

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const checkRule = (rule: unknown, i: number): void => {
  if (typeof rule === 'function')
    throw refused(`\`rules[${i}]\` is a factory of rules. Call it: ${rule.name || 'rule'}().`)
  if (!isRule(rule)) throw refused(`\`rules[${i}]\` is no rule of specVersion v1. Make rules with defineRule.`)
  const { meta, folds, name, select } = rule
  if (select !== undefined && !isSelect(select))
    throw refused(
      `The select of ${name} cannot be used. \`ids\` is a list of texts, and each of its \`attributes\` a list of values.`,
    )
  for (const { history } of Object.values(folds))
    if (meta.scope !== history.target && meta.scope !== ESTATE.kind)
      throw refused(
        `The rule ${meta.id} is about targets of the kind ${meta.scope}, but folds the history ${history.name} of the kind ${history.target}.`,
      )
}

/** Whether it has what every rule that `defineRule` makes has. */
const isRule = (rule: unknown): rule is AuditRule => {
  if (!isObject(rule)) return false
  const { specVersion, meta, name, severity, options, needs, folds, applies, evaluate } = rule
  return (
    specVersion === 'v1' &&
    typeof name === 'string' &&
    (SEVERITIES as readonly unknown[]).includes(severity) &&
    isObject(meta) &&
    ['id', 'scope'].every((member) => typeof meta[member] === 'string') &&
    isObject(meta['messages']) &&
    isObject(options) &&
    isObject(needs) &&
    Object.values(needs).every(isToken) &&
    isObject(folds) &&
    Object.values(folds).every((fold) => isObject(fold) && isToken(fold['history'])) &&
    typeof applies === 'function' &&
    typeof evaluate === 'function'
  )
}

/** A text has `includes` too, and would select what its letters are in. */
const isSelect = (select: unknown): boolean => {
  if (!isObject(select)) return false
  const { ids = [], attributes = {} } = select
  return (
    Array.isArray(ids) &&
    ids.every((id) => typeof id === 'string') &&
    isObject(attributes) &&
    Object.values(attributes).every(Array.isArray)
  )
}

const isToken = (token: unknown): boolean => isObject(token) && typeof token['name'] === 'string'

const checkCollector = (collector: unknown, i: number): void => {
  const one = (typeof collector === 'object' && collector !== null ? collector : {}) as Partial<
    FactCollector & HistorySource<unknown>
  >
  const gives =
    one.history === undefined
      ? typeof one.collect === 'function' && Array.isArray(one.kinds) && one.provides?.every(isToken)
      : isToken(one.history) && typeof one.describe === 'function' && typeof one.read === 'function'
  if (one.specVersion !== 'v1' || typeof one.id !== 'string' || !gives)
    throw refused(`\`collectors[${i}]\` is no collector of specVersion v1, neither of facts nor of a history.`)
}

export const isHistorySource = (collector: AuditCollector): collector is HistorySource<unknown> =>
  'history' in collector

const refused = (message: string): BackupError =>
  new BackupError({ code: 'invalid-config', operation: 'audit', message })
