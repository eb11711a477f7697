import { BackupError } from '../errors.js'
import type { JsonValue } from '../source/entry.js'
import { showValue } from '../source/option-check.js'
import { makeFold } from './define-rule.js'
import type { FactsOf, FoldedOf, FoldMaker, Folds, Needs } from './rule.js'

/** What a measure is given: facts that are known or absent, and the results of its folds. */
export interface MeasureInput<N extends Needs, F> {
  /** The clock of the run, milliseconds since 1970. */
  readonly now: number
  readonly facts: FactsOf<N>
  readonly folds: FoldedOf<F>
}

/** What an author writes. The order of members is the order in which types are inferred. */
export interface MeasureDefinition<N extends Needs, F extends Folds<Readonly<Record<never, never>>>> {
  /** Kebab-case: its name in `result.measures`. */
  readonly name: string
  /** A few words, for readers of reports. */
  readonly description: string
  readonly needs?: N
  readonly folds?: (fold: FoldMaker<Readonly<Record<never, never>>>) => F
  /** Pure, as rules are. Plain JSON of bounded size. */
  readonly measure: (input: MeasureInput<N, F>) => JsonValue
}

/**
 * Something that an audit measures beside its verdicts, over the whole estate: what charts of a report show. It rests on the same
 * facts and the same items as the rules of the run, each read once, and decides nothing.
 */
export interface AuditMeasure {
  readonly specVersion: 'v1'
  readonly name: string
  readonly description: string
  readonly needs: Needs
  readonly folds: Folds<unknown>
  measure(input: MeasureInput<Needs, unknown>): JsonValue
}

const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/** @throws BackupError `invalid-config` for a name that is not kebab-case. */
export const defineMeasure = <
  const N extends Needs = Record<never, never>,
  F extends Folds<Readonly<Record<never, never>>> = Record<never, never>,
>({
  name,
  description,
  needs,
  folds,
  measure,
}: MeasureDefinition<N, F>): AuditMeasure => {
  if (!NAME.test(name)) {
    const message = `The name of a measure is ${showValue(name)}; it must be kebab-case, as job-days is.`
    throw new BackupError({ code: 'invalid-config', message, operation: 'audit' })
  }
  return {
    specVersion: 'v1',
    name,
    description,
    needs: needs ?? {},
    folds: (folds === undefined ? {} : folds(makeFold as FoldMaker<Readonly<Record<never, never>>>)) as Folds<unknown>,
    measure: measure as unknown as AuditMeasure['measure'],
  }
}
