import { nearest } from '@backproof/core/source'
import { parse } from './args/parse.js'
import { usageError } from './args/usage-error.js'
import type { CommandEntry } from './command.js'
import { COMMANDS } from './commands.js'
import { writeStdout } from './output/stdout.js'

/** Runs the command line `args` (without node and script) and resolves with the exit code. Loads only what it needs. */
export const main = async (args: readonly string[]): Promise<number> => {
  try {
    return await dispatch(args)
  } catch (error) {
    const { failure } = await import('./failure.js')
    return failure(error)
  }
}

const dispatch = async (args: readonly string[]): Promise<number> => {
  const [first, ...rest] = args
  if (first === '--version' || first === '-V' || first === 'version') return version()
  if (first === undefined) {
    const { overview } = await import('./output/help.js')
    process.stderr.write(overview())
    return 2
  }
  if (first === 'help' || first === '--help' || first === '-h') return help(rest)
  const command = await find(first).load()
  const parsed = parse(command.spec, rest)
  return parsed.values['help'] === true ? help([first]) : command.run(parsed)
}

const find = (name: string): CommandEntry => {
  const found = COMMANDS.find((command) => command.name === name)
  if (found !== undefined) return found
  const known = [...COMMANDS.map((command) => command.name), 'help']
  const near = nearest(name, known)
  const hint = near === undefined ? '' : `Did you mean \`backproof ${near}\`? `
  const kind = name.startsWith('-') ? 'unknown option' : 'unknown command'
  throw usageError(`${kind} ${JSON.stringify(name)}`, `${hint}Commands: ${known.join(', ')}.`)
}

const help = async ([name]: readonly string[]): Promise<number> => {
  const { commandHelp, overview } = await import('./output/help.js')
  await writeStdout(name === undefined ? overview() : commandHelp((await find(name).load()).spec))
  return 0
}

const version = async (): Promise<number> => {
  const { readFileSync } = await import('node:fs')
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  await writeStdout(`${manifest.version}\n`)
  return 0
}
