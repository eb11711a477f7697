import { BackupError } from '../../errors.js'
import { checkOptionNames } from '../../source/option-check.js'
import type { AuditCollector, FactCollector } from '../collector.js'
import { WAIVER_RULE } from '../finding.js'
import type { HistorySource } from '../history.js'
import type { AuditOptions } from '../options.js'
import type { AuditRule } from '../rule.js'
import { ESTATE } from '../target.js'

const KNOWN: readonly (keyof AuditOptions)[] = [
  'rules',
  'targets',
  'collectors',
  'policy',
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
  const { rules, collectors = [] } = options
  if (!Array.isArray(rules) || rules.length === 0)
    throw refused('`rules` is empty: an audit of nothing proves nothing. Give at least one rule.')
  rules.forEach(checkRule)
  const names = new Set<string>([WAIVER_RULE])
  for (const { name } of rules) {
    if (names.has(name) && name !== WAIVER_RULE)
      throw refused(
        `Two rules have the name ${name}. Give one of them another: rule(options, { as: '${name}-strict' }).`,
      )
    if (name === WAIVER_RULE) throw refused(`The name ${WAIVER_RULE} is taken: findings about waivers have it.`)
    names.add(name)
  }
  collectors.forEach(checkCollector)
  const numbers = { maxAge: 0, collectTimeoutMs: 1, ruleTimeoutMs: 1, concurrency: 1, findingsLimit: 0 }
  for (const [name, least] of Object.entries(numbers)) {
    const value = options[name as keyof typeof numbers]
    if (value !== undefined && !(value >= least))
      throw refused(`\`${name}\` is ${String(value)}; it must be a number of at least ${least}.`)
  }
}

const checkRule = (rule: unknown, i: number): void => {
  if (typeof rule === 'function')
    throw refused(`\`rules[${i}]\` is a factory of rules. Call it: ${rule.name || 'rule'}().`)
  const { specVersion, meta, folds } = (typeof rule === 'object' && rule !== null ? rule : {}) as Partial<AuditRule>
  if (specVersion !== 'v1' || meta === undefined || folds === undefined)
    throw refused(`\`rules[${i}]\` is no rule of specVersion v1. Make rules with defineRule.`)
  for (const { history } of Object.values(folds))
    if (meta.scope !== history.target && meta.scope !== ESTATE.kind)
      throw refused(
        `The rule ${meta.id} is about targets of the kind ${meta.scope}, but folds the history ${history.name} of the kind ${history.target}.`,
      )
}

const checkCollector = (collector: unknown, i: number): void => {
  const one = (typeof collector === 'object' && collector !== null ? collector : {}) as Partial<
    FactCollector & HistorySource<unknown>
  >
  const gives =
    one.history === undefined ? one.collect !== undefined && one.provides !== undefined : one.read !== undefined
  if (one.specVersion !== 'v1' || typeof one.id !== 'string' || !gives)
    throw refused(`\`collectors[${i}]\` is no collector of specVersion v1, neither of facts nor of a history.`)
}

export const isHistorySource = (collector: AuditCollector): collector is HistorySource<unknown> =>
  'history' in collector

const refused = (message: string): BackupError =>
  new BackupError({ code: 'invalid-config', operation: 'audit', message })
