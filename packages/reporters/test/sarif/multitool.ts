import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const require = createRequire(import.meta.url)
/** Microsoft's tool for SARIF files, from npm: the program of this platform, with the published schema beside it. */
const program = require('@microsoft/sarif-multitool') as string

/** JSON Schema of SARIF 2.1.0. */
export const sarifSchema = async (): Promise<object> =>
  JSON.parse((await readFile(join(dirname(program), 'sarif-2.1.0.json'), 'utf8')).replace(/^\ufeff/, '')) as object

/** Something that the tool has against one of the files. */
export interface Complaint {
  /** Index of the file. */
  readonly file: number
  readonly rule: string
  readonly about: string
}

/** What the tool has against files; it tries the schema and what the specification says beyond. */
export const validated = async (texts: readonly string[]): Promise<readonly Complaint[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'backproof-sarif-'))
  try {
    const files = texts.map((_, i) => join(folder, `${i}.sarif`))
    for (const [i, file] of files.entries()) await writeFile(file, texts[i]!)
    // npm unpacks it without the permission, which a script of the package would add.
    await chmod(program, 0o755)
    const output = join(folder, 'out.sarif')
    // It exits with 1 where it finds errors, which are in its file too.
    await promisify(execFile)(program, ['validate', ...files, '--output', output]).catch(() => undefined)
    const [run] = (JSON.parse((await readFile(output, 'utf8')).replace(/^\ufeff/, '')) as Output).runs
    if (run!.invocations?.some(({ executionSuccessful }) => !executionSuccessful)) throw new Error('The tool failed.')
    return run!.results.map(({ ruleId: rule, message, locations }) => {
      const [, file] = /(\d+)\.sarif$/.exec(locations[0]!.physicalLocation.artifactLocation.uri)!
      return { file: Number(file), rule, about: JSON.stringify(message.arguments ?? message.text) }
    })
  } finally {
    await rm(folder, { recursive: true })
  }
}

interface Output {
  readonly runs: readonly {
    readonly invocations?: readonly { readonly executionSuccessful: boolean }[]
    readonly results: readonly {
      readonly ruleId: string
      readonly message: { readonly text?: string; readonly arguments?: readonly string[] }
      readonly locations: readonly {
        readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } }
      }[]
    }[]
  }[]
}
