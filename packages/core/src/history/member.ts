/**
 * What a member of a row holds, as data: readers, writers, the JSON Schema and the tables of the docs all come from it.
 * - `name`: text that is not empty. `text`: any. `texts`: a list of them. `flag`: true or false.
 * - `time`: milliseconds since 1970 in memory, ISO 8601 with an offset in a row. `time-or-never`: or the word `never`.
 * - `count`: a whole number from 0 that a double holds exactly. `number`: from 0.
 * - `choice`: one of the words. With `otherwise`, another word is read as that one, and kept in the member `keptIn`, if there is one.
 * - `record`: an object of members.
 */
export type MemberKind =
  | { readonly kind: 'name' | 'text' | 'texts' | 'flag' | 'time' | 'time-or-never' | 'count' }
  | { readonly kind: 'number'; readonly max?: number | undefined }
  | {
      readonly kind: 'choice'
      readonly words: readonly string[]
      readonly otherwise?: string | undefined
      readonly keptIn?: string | undefined
    }
  | { readonly kind: 'record'; readonly members: AnyMembers }

export type AnyMember = MemberKind & { readonly required: boolean; readonly description: string }
export type AnyMembers = Readonly<Record<string, AnyMember>>

/** A member whose value in memory is a `V`. */
export type Member<V, Required extends boolean = boolean> = AnyMember & {
  readonly required: Required
  /** Never set: carries the type. */
  readonly type?: ((value: V) => V) | undefined
}

/** A description of each member of `T`: the compiler refuses one that is missing, of another type, or optional on one side only. */
export type Members<T> = {
  readonly [K in keyof T]-?: Member<NonNullable<T[K]>, Record<never, never> extends Pick<T, K> ? false : true>
}

type Optional<V> = Member<V, false>

export const name = (description: string): Optional<string> => ({ kind: 'name', required: false, description })
export const text = (description: string): Optional<string> => ({ kind: 'text', required: false, description })
export const texts = (description: string): Optional<readonly string[]> => ({
  kind: 'texts',
  required: false,
  description,
})
export const flag = (description: string): Optional<boolean> => ({ kind: 'flag', required: false, description })
export const time = (description: string): Optional<number> => ({ kind: 'time', required: false, description })
export const timeOrNever = (description: string): Optional<number | 'never'> => ({
  kind: 'time-or-never',
  required: false,
  description,
})
export const count = (description: string): Optional<number> => ({ kind: 'count', required: false, description })
export const amount = (description: string, max?: number): Optional<number> => ({
  kind: 'number',
  max,
  required: false,
  description,
})
export const choice = <W extends string>(
  description: string,
  words: readonly W[],
  others: { readonly otherwise?: W; readonly keptIn?: string } = {},
): Optional<W> => ({ kind: 'choice', words, ...others, required: false, description })
export const record = <T>(description: string, members: Members<T>): Optional<T> => ({
  kind: 'record',
  members,
  required: false,
  description,
})

/** The same member, which every row has to have. */
export const required = <V>(member: Optional<V>): Member<V, true> => ({ ...member, required: true })
