import { stat } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { readFiles, whyNot } from './files.js'
import type { LoadedPolicy, ParseOptions, PolicyOptions } from './loaded.js'
import type { ManifestDisk, ManifestFile, ManifestPlace } from './manifest-types.js'
import { type Part, readManifest } from './part.js'
import { newReading, type PolicyProblem, policyError, type Reading, reportAt, sortedProblems } from './problem.js'
import { resolveParts } from './resolve.js'
import { isPlaceUri } from './resolve-histories.js'

/**
 * Reads a policy manifest, YAML or JSON, and all that it extends; resolves references, and checks that the histories that it names
 * are there. Opens nothing else.
 *
 * @throws BackupError `invalid-config` with all problems, each `file:line:column: what was found; what was expected`.
 */
export const loadPolicy = async (path: string, options: PolicyOptions = {}): Promise<LoadedPolicy> => {
  const { loaded, problems } = await tryLoad(path, options)
  if (loaded === undefined || problems.length > 0) throw policyError(problems)
  return loaded
}

/** What is wrong with a policy file and what it extends, for programs; empty: nothing. */
export const policyFileProblems = async (
  path: string,
  options: PolicyOptions = {},
): Promise<readonly PolicyProblem[]> => (await tryLoad(path, options)).problems

/**
 * The same from a text, without reading any file: `extends` is refused, and histories may be missing.
 *
 * @throws BackupError `invalid-config` with all problems.
 */
export const parsePolicy = (text: string, options: ParseOptions = {}): LoadedPolicy => {
  const { loaded, problems } = tryParse(text, options)
  if (loaded === undefined || problems.length > 0) throw policyError(problems)
  return loaded
}

/** What is wrong with the text of a policy, for programs such as editors; empty: nothing. */
export const policyProblems = (text: string, options: ParseOptions = {}): readonly PolicyProblem[] =>
  tryParse(text, options).problems

interface Tried {
  readonly loaded: LoadedPolicy | undefined
  readonly problems: readonly PolicyProblem[]
}

const tryLoad = async (path: string, { rules }: PolicyOptions): Promise<Tried> => {
  const reading = newReading()
  const parts = await readFiles(path, reading)
  if (parts.length === 0) return { loaded: undefined, problems: sortedProblems(reading.problems) }
  const loaded = resolveParts(parts, rules, reading)
  await checkHistoryFiles(parts, reading)
  return { loaded, problems: sortedProblems(reading.problems) }
}

const tryParse = (text: string, { file = 'policy', rules }: ParseOptions): Tried => {
  const reading = newReading()
  const manifest = readManifest(text, file, reading)
  if (manifest === undefined) return { loaded: undefined, problems: sortedProblems(reading.problems) }
  if (manifest.extends.length > 0)
    reportAt(reading, manifest, 'extends', 'extends needs files, and this is a text; use loadPolicy with the path')
  const part: Part = { manifest, file, folder: dirname(resolve(file)), timezone: manifest.timezone }
  return { loaded: resolveParts([part], rules, reading), problems: sortedProblems(reading.problems) }
}

/** A history that is named and not there would leave its rules without facts: better said at once. */
const checkHistoryFiles = async (parts: readonly Part[], reading: Reading): Promise<void> => {
  for (const { manifest, folder } of parts)
    for (const sources of Object.values(manifest.histories ?? {}) as readonly (readonly Partial<
      ManifestFile & ManifestPlace & ManifestDisk
    >[])[])
      for (const source of sources) await checkHistory(source, folder, reading)
}

const checkHistory = async (
  one: Partial<ManifestFile & ManifestPlace & ManifestDisk>,
  folder: string,
  reading: Reading,
): Promise<void> => {
  const { file, source, path } = one
  const wrong = {
    file: file === undefined ? undefined : await wrongFile(resolve(folder, file)),
    source: source === undefined || isPlaceUri(source) ? undefined : await wrongPlace(resolve(folder, source)),
    path: path === undefined ? undefined : await wrongPlace(resolve(folder, path)),
  }
  for (const [name, message] of Object.entries(wrong)) if (message !== undefined) reportAt(reading, one, name, message)
}

/** A place may be a folder, or a file such as an archive. */
const wrongPlace = async (path: string): Promise<string | undefined> => {
  try {
    await stat(path)
    return undefined
  } catch (error) {
    return whyNot(error, relative('.', path))
  }
}

const wrongFile = async (file: string): Promise<string | undefined> => {
  const label = relative('.', file)
  try {
    return (await stat(file)).isDirectory() ? whyNot({ code: 'EISDIR' }, label) : undefined
  } catch (error) {
    return whyNot(error, label)
  }
}
