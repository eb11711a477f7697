/** What every option says of itself: type, schema, docs and boundary tests come from here. */
export interface OptionBase {
  /** One sentence, for docs. */
  readonly description: string
  /** Where the default comes from, for example `seed`, `AWS Backup Audit Manager`, `own choice`. */
  readonly source: string
}

/** A number. `D` is `number`, or `undefined` where the default comes from elsewhere (`otherwise`). */
export interface NumberOption<D extends number | undefined = number | undefined> extends OptionBase {
  readonly kind: 'number'
  readonly default: D
  /** Where `default` is undefined: what holds then, in words. */
  readonly otherwise?: string | undefined
  readonly unit: string
  readonly min: number
  readonly max: number
  /** The smallest difference that matters; 1: whole numbers only. */
  readonly step: number
  /** Which way makes the rule stricter. */
  readonly stricter: 'higher' | 'lower'
}

/** A time span: `'36h'`, `'7d'`, or milliseconds; milliseconds to the rule. */
export interface DurationOption<D extends number | undefined = number | undefined> extends OptionBase {
  readonly kind: 'duration'
  readonly default: D
  readonly otherwise?: string | undefined
  /** Milliseconds. */
  readonly min: number
  readonly max: number
  readonly step: number
  readonly stricter: 'higher' | 'lower'
}

/** One of some words. */
export interface ChoiceOption<C extends string = string> extends OptionBase {
  readonly kind: 'choice'
  readonly default: C
  readonly choices: readonly C[]
}

export interface FlagOption extends OptionBase {
  readonly kind: 'flag'
  readonly default: boolean
}

/** A list of texts. */
export interface TextsOption extends OptionBase {
  readonly kind: 'texts'
  readonly default: readonly string[]
  /** What each text has to match, a regular expression. Default: any text. */
  readonly pattern?: string | undefined
  /** What that is, in words that follow `a list of texts `, for example `such as 22:00-06:00 Europe/Berlin`. */
  readonly form?: string | undefined
}

export type OptionDescriptor = NumberOption | DurationOption | ChoiceOption | FlagOption | TextsOption
export type OptionDescriptors = Readonly<Record<string, OptionDescriptor>>

/** What a rule gets. */
export type OptionValue<D> =
  D extends NumberOption<infer N>
    ? N extends number
      ? number
      : number | undefined
    : D extends DurationOption<infer N>
      ? N extends number
        ? number
        : number | undefined
      : D extends ChoiceOption<infer C>
        ? C
        : D extends FlagOption
          ? boolean
          : D extends TextsOption
            ? readonly string[]
            : never
export type OptionValues<D extends OptionDescriptors> = { readonly [K in keyof D]: OptionValue<D[K]> }

/** What a caller may give. */
export type OptionInput<D> = D extends NumberOption
  ? number
  : D extends DurationOption
    ? string | number
    : OptionValue<D>
export type OptionInputs<D extends OptionDescriptors> = { readonly [K in keyof D]?: OptionInput<D[K]> | undefined }

/** What {@link numberOption} takes. */
export type NumberParts<D extends number | undefined> = OptionBase & {
  readonly default: D
  readonly otherwise?: string
  readonly unit: string
  readonly min?: number
  readonly max?: number
  readonly step?: number
  readonly stricter: 'higher' | 'lower'
}

/** Default range: from 0 to 1,000,000,000, in steps of 1. */
export const numberOption = <D extends number | undefined>(parts: NumberParts<D>): NumberOption<D> => ({
  kind: 'number',
  min: 0,
  max: 1_000_000_000,
  step: 1,
  ...parts,
})

/** What {@link durationOption} takes. */
export type DurationParts<D extends number | undefined> = OptionBase & {
  readonly default: D
  readonly otherwise?: string
  readonly min?: number
  readonly max?: number
  readonly step?: number
  readonly stricter: 'higher' | 'lower'
}

/** Default range: from 0 to 100 years, in steps of a second. */
export const durationOption = <D extends number | undefined>(parts: DurationParts<D>): DurationOption<D> => ({
  kind: 'duration',
  min: 0,
  max: 36_525 * 86_400_000,
  step: 1_000,
  ...parts,
})

export const choiceOption = <const C extends string>(
  parts: OptionBase & { readonly default: NoInfer<C>; readonly choices: readonly C[] },
): ChoiceOption<C> => ({ kind: 'choice', ...parts })

export const flagOption = (parts: OptionBase & { readonly default: boolean }): FlagOption => ({
  kind: 'flag',
  ...parts,
})

export const textsOption = (parts: Omit<TextsOption, 'kind'>): TextsOption => ({
  kind: 'texts',
  ...parts,
})
