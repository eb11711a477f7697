import { manifestShape } from './manifest.js'
import type { Manifest } from './manifest-types.js'
import { type Reading, report } from './problem.js'
import { readYaml } from './read-yaml.js'
import { TooMuch } from './shape.js'

/** One file of a policy. */
export interface Part {
  readonly manifest: Manifest
  /** As messages name it. */
  readonly file: string
  /** Absolute: what its paths are relative to. */
  readonly folder: string
  /** Of schedules and windows that name none: its own, or that of what it extends. */
  readonly timezone: string | undefined
}

/** What one file says, references and all else between files left open. */
export const readManifest = (text: string, file: string, reading: Reading): Manifest | undefined => {
  const root = readYaml(text, file, reading)
  if (root === undefined) return undefined
  try {
    return manifestShape.read(root, '', reading)
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error
    report(reading, root.place, '', 'aliases make this larger than any policy that is read; write out what is meant')
    return undefined
  }
}
