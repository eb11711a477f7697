import { BackupError } from '../errors.js'
import { checkOptionNames, showValue } from '../source/option-check.js'
import type { OptionDescriptors, OptionInputs, OptionValues } from './option.js'
import { resolveOptions } from './option-values.js'
import type {
  AuditRule,
  Fold,
  FoldMaker,
  Folds,
  Needs,
  RuleConfig,
  RuleDefinition,
  RuleFactory,
  RuleMeta,
  TargetSelect,
} from './rule.js'
import { SEVERITIES } from './verdict.js'

/**
 * Makes the factory of a rule. Importing the module of a rule does nothing else.
 *
 * @throws BackupError `invalid-config` where the definition contradicts itself.
 */
export const defineRule = <
  const D extends OptionDescriptors = Record<never, never>,
  const N extends Needs = Record<never, never>,
  F extends Folds<OptionValues<D>> = Record<never, never>,
  const M extends string = string,
>(
  definition: RuleDefinition<D, N, F, M>,
): RuleFactory<D, M> => {
  const { options = {} as D, needs = {} as N, folds, applies, evaluate, ...rest } = definition
  const made: Folds<unknown> = folds === undefined ? {} : folds(makeFold as FoldMaker<OptionValues<D>>)
  const meta: RuleMeta<M> = { ...rest, options, facts: factsOf(needs, made) }
  checkMeta(meta)
  const factory = (given?: OptionInputs<D>, config: RuleConfig = {}): AuditRule => {
    const values = resolveOptions(meta.id, options, given)
    checkConfig(meta.id, config)
    return {
      specVersion: 'v1',
      meta,
      name: config.as ?? meta.id,
      severity: config.severity ?? meta.severity,
      ...(config.select !== undefined && { select: config.select }),
      options: values,
      needs,
      folds: made,
      applies: (applies ?? (() => true)) as AuditRule['applies'],
      evaluate: evaluate as AuditRule['evaluate'],
    }
  }
  return Object.assign(factory, { meta })
}

export const makeFold = (history: Fold<unknown>['history'], parts: Partial<Fold<unknown>>): Fold<unknown> => ({
  history,
  init: parts.init!,
  step: parts.step!,
  done: parts.done ?? ((state) => state),
})

const factsOf = (needs: Needs, folds: Folds<unknown>): RuleMeta['facts'] =>
  [...Object.values(needs), ...Object.values(folds).map(({ history }) => history)].map(({ name, description }) => ({
    token: name,
    description,
  }))

const RULE_ID = /^(?:[a-z0-9][a-z0-9-]*\/)?[a-z0-9]+(?:-[a-z0-9]+)*$/

const checkMeta = ({ id, messages, options }: RuleMeta): void => {
  if (!RULE_ID.test(id))
    throw refused(`The rule id ${showValue(id)} is not kebab-case, as job-success-rate or acme/tape-rotation are.`)
  if (Object.keys(messages).length === 0) throw refused(`The rule ${id} has no messages: it could say nothing.`)
  for (const [name, descriptor] of Object.entries(options)) {
    if (descriptor.kind !== 'number' && descriptor.kind !== 'duration') continue
    const { default: value, min, max, otherwise } = descriptor
    if (value === undefined ? otherwise === undefined : value < min || value > max)
      throw refused(
        `The rule ${id} has a default of ${name} that its own range does not allow, or none and no \`otherwise\`.`,
      )
  }
}

const CONFIG: readonly (keyof RuleConfig)[] = ['as', 'severity', 'select']
const SELECT: readonly (keyof TargetSelect)[] = ['ids', 'attributes']

const checkConfig = (id: string, config: RuleConfig): void => {
  checkOptionNames(`The configuration of ${id}`, config, CONFIG)
  const { as, severity, select } = config
  if (as !== undefined && !RULE_ID.test(as)) throw refused(`${id}: \`as\` is ${showValue(as)}; it must be kebab-case.`)
  if (severity !== undefined && !SEVERITIES.includes(severity))
    throw refused(`${id}: the severity is ${showValue(severity)}; it must be one of ${SEVERITIES.join(', ')}.`)
  if (select !== undefined) checkOptionNames(`The select of ${id}`, select, SELECT)
}

const refused = (message: string): BackupError => new BackupError({ code: 'invalid-config', message })
