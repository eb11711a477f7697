import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { toBackupError } from '@backproof/core/errors'
import type { BackupSource, ProviderDescriptor } from '@backproof/core/source'
import { usageError } from '../args/usage-error.js'
import { findImportEntry } from './import-entry.js'

/** The providers that Backproof has, by URI scheme. */
export const KNOWN_PROVIDERS: Readonly<Record<string, string>> = {
  file: '@backproof/provider-local',
  s3: '@backproof/provider-aws',
  azblob: '@backproof/provider-azure',
  gs: '@backproof/provider-gcp',
}

/** A provider and where it came from: a package name, or the file URL of a module. */
export interface LoadedProvider {
  readonly specifier: string
  readonly descriptor: ProviderDescriptor
}

/**
 * Loads a provider by package name, or by the path of a module: first as the command's own dependency, then from the
 * project in `cwd`.
 * @throws BackupError `invalid-config` when it is not installed (with the command that installs it), when it fails to
 *   load, or when it is no provider.
 */
export const loadProvider = async (name: string, cwd: string): Promise<LoadedProvider> => {
  const specifier = isPath(name) ? pathToFileURL(resolve(cwd, name)).href : name
  return { specifier, descriptor: checkDescriptor(name, await importProvider(name, specifier, cwd)) }
}

/** A factory of sources that a package exports beside its provider. */
export interface LoadedFactory {
  readonly specifier: string
  readonly name: string
  readonly create: (options: Readonly<Record<string, unknown>>) => BackupSource
}

/** Loads a factory, as {@link loadProvider} does a provider. */
export const loadFactory = async (specifier: string, name: string, cwd: string): Promise<LoadedFactory> => {
  const create = (await importProvider(specifier, specifier, cwd))[name]
  if (typeof create !== 'function')
    throw usageError(
      `the provider ${specifier} that is installed has no ${name}`,
      `Install a newer one: npm install ${specifier}@latest`,
    )
  return { specifier, name, create: create as LoadedFactory['create'] }
}

const isPath = (name: string): boolean => name.startsWith('.') || isAbsolute(name)

const importProvider = async (name: string, specifier: string, cwd: string): Promise<Record<string, unknown>> => {
  try {
    return await importModule(specifier)
  } catch (error) {
    if (!isMissing(error, name)) throw brokenProvider(name, error)
  }
  const entry = isPath(name) ? undefined : findImportEntry(name, cwd)
  if (entry === undefined)
    throw isPath(name)
      ? usageError(
          `there is no module at ${name}`,
          '--provider takes the name of an installed package or the path of a module.',
        )
      : usageError(`the provider ${name} is not installed`, `Install it: npm install ${name}`)
  try {
    return await importModule(entry)
  } catch (error) {
    throw brokenProvider(name, error)
  }
}

const importModule = async (specifier: string): Promise<Record<string, unknown>> =>
  (await import(specifier)) as Record<string, unknown>

/** Whether the module itself is missing, rather than something that it imports. */
const isMissing = (error: unknown, name: string): boolean => {
  if (!(error instanceof Error) || (error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') return false
  return isPath(name)
    ? error.message.startsWith('Cannot find module')
    : error.message.includes(`Cannot find package '${name}'`)
}

const brokenProvider = (name: string, error: unknown): Error => {
  const cause = toBackupError(error)
  const missing = /Cannot find package '([^']+)'/.exec(cause.message)?.[1]
  return missing === undefined
    ? usageError(`the provider ${name} could not be loaded: ${cause.message}`, 'Check the package, or leave it out.')
    : usageError(`the provider ${name} needs ${missing}, which is not installed`, `Install it: npm install ${missing}`)
}

const checkDescriptor = (name: string, module: Record<string, unknown>): ProviderDescriptor => {
  const given = module['provider'] as Partial<ProviderDescriptor> | undefined
  const broken = (what: string): Error =>
    usageError(
      `${name} is no provider: ${what}`,
      'A provider exports `provider`: { specVersion, name, schemes, fromUri }.',
    )
  if (typeof given !== 'object' || given === null) throw broken('it does not export `provider`')
  if (given.specVersion !== 'v1') throw broken(`specVersion is ${JSON.stringify(given.specVersion)}, not "v1"`)
  if (!Array.isArray(given.schemes) || given.schemes.length === 0) throw broken('it names no URI schemes')
  if (typeof given.fromUri !== 'function') throw broken('it has no `fromUri`')
  return given as ProviderDescriptor
}
