import type { BackupSource } from '@backproof/core/source'
import { limitedToExplained } from './args/explained-key.js'
import type { Values } from './args/parse.js'
import { type PlainOptions, plainOptions } from './args/policy.js'
import { texts } from './args/values.js'
import { openPlace } from './places/open-place.js'
import { loadProvider } from './places/providers.js'
import { type Place, type Role, resolvePlace } from './places/resolve-place.js'
import { type SourceChoices, sourceChoices } from './places/source-choices.js'

/** What every run needs from the command line before its engine starts. */
export interface Prepared {
  readonly options: PlainOptions
  readonly choices: SourceChoices
  readonly resolve: (given: string, role: Role) => Promise<Place>
  readonly open: (place: Place) => Promise<BackupSource>
  /** Closes every source that was opened. */
  readonly close: () => Promise<void>
}

/** Reads the shared options and loads third-party providers. */
export const prepare = async (values: Values): Promise<Prepared> => {
  const cwd = process.cwd()
  const options = await limitedToExplained(plainOptions(values), values)
  const choices = sourceChoices(values)
  const providers = await Promise.all(texts(values, 'provider').map((name) => loadProvider(name, cwd)))
  const opened: BackupSource[] = []
  return {
    options,
    choices,
    resolve: (given, role) => resolvePlace(given, role, { cwd, providers }),
    open: async (place) => {
      const source = await openPlace(place, choices, cwd)
      opened.push(source)
      return source
    },
    close: async () => {
      for (const source of opened) await source[Symbol.asyncDispose]?.()
    },
  }
}

/** The arguments that say how places are opened, to be given again. */
export const openingArguments = (values: Values): readonly string[] =>
  ['provider', 'with'].flatMap((name) => texts(values, name).map((value) => `--${name}=${value}`))

/** Whether keys need not be the names that their sources have. */
export const isNormalised = ({ normalise = 'exact' }: PlainOptions): boolean => normalise !== 'exact'
