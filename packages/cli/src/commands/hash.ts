import { statSync } from 'node:fs'
import type { KnownAlgorithm } from '@backproof/core/digest'
import { escapeKey } from '@backproof/core/source'
import { plural, safeText } from '@backproof/reporters/text'
import { type Parsed, seeHelp } from '../args/parse.js'
import { algorithms } from '../args/policy.js'
import { SCOPE_OPTIONS, WORK_OPTIONS } from '../args/run-spec.js'
import type { CommandSpec } from '../args/spec.js'
import { usageError } from '../args/usage-error.js'
import { flag, integer } from '../args/values.js'
import type { Command } from '../command.js'
import { exitCodeOfError } from '../exit.js'
import { type Hashed, hashItems } from '../hash/hash-items.js'
import { itemsOfArguments } from '../hash/items-of-arguments.js'
import { itemsOfDirectory } from '../hash/items-of-directory.js'
import { checksumLine, needsTag } from '../output/checksum-line.js'
import { writeStdout } from '../output/stdout.js'
import { directoryChoices } from '../places/source-choices.js'
import { listenForInterrupts } from '../signals.js'

const TREE_OPTIONS = ['symlinks', 'one-file-system']

const spec: CommandSpec = {
  name: 'hash',
  summary: 'Print digests of files, as sha256sum does, for `verify --against`.',
  usage: ['hash [OPTIONS] FILE ...', 'hash -r [OPTIONS] DIRECTORY'],
  about: [
    'Prints lines that `verify --against`, sha256sum -c and their like read. With -r: all files below one directory, with names relative to it. Write the list to a place outside of that directory, or it would list itself half written.',
    'Plain lines cannot tell their algorithm: with several algorithms, and with others than md5, sha1, sha256 and sha512, lines are tagged. `verify --against` takes lists with one digest for each name. Symbolic links and special files have no bytes of their own; with -r they are counted on standard error.',
  ],
  options: [
    { name: 'recursive', type: 'boolean', short: 'r', help: 'All files below one directory.' },
    {
      name: 'algorithm',
      type: 'string',
      short: 'a',
      value: 'ALGS',
      help: 'One or more: sha256,blake3,xxh3-128,... Default sha256.',
    },
    { name: 'tag', type: 'boolean', help: 'Lines that name their algorithm: SHA256 (name) = digest.' },
    ...SCOPE_OPTIONS.filter(({ name }) => TREE_OPTIONS.includes(name)),
    ...WORK_OPTIONS.filter(({ name }) => name === 'workers'),
  ],
  examples: [
    { command: 'hash report.pdf', meaning: 'The same line as sha256sum' },
    { command: 'hash -r /srv/shop > shop.sha256', meaning: 'Record a whole directory ...' },
    { command: 'verify /srv/shop --against shop.sha256', meaning: '... and prove it later' },
    { command: 'hash --algorithm sha256,blake3 *.iso', meaning: 'Several digests in one pass' },
  ],
}

const run = async ({ values, positionals }: Parsed): Promise<number> => {
  const recursive = flag(values, 'recursive')
  const wanted = algorithms(values, 'algorithm') ?? ['sha256']
  checkArguments(positionals, recursive)
  if (!recursive)
    for (const name of TREE_OPTIONS)
      if (values[name] !== undefined) throw usageError(`--${name} needs -r`, seeHelp(spec))
  const workers = integer(values, 'workers', 0)
  const directory = recursive ? await openDirectory(positionals[0]!, values) : undefined
  const interrupts = listenForInterrupts()
  const { signal } = interrupts
  try {
    const items = directory === undefined ? itemsOfArguments(positionals) : itemsOfDirectory(directory, signal)
    const pages = hashItems(items, { algorithms: wanted, signal, workers })
    return await print(pages, wanted, flag(values, 'tag'))
  } catch (error) {
    const code = interrupts.exitCode()
    if (code === undefined || error !== signal.reason) throw error
    process.stderr.write('backproof: interrupted: the list is not complete\n')
    return code
  } finally {
    interrupts.dispose()
  }
}

const checkArguments = (given: readonly string[], recursive: boolean): void => {
  if (given.length === 0)
    throw usageError('hash needs at least one file', `For example: backproof hash report.pdf. ${seeHelp(spec)}`)
  if (!recursive) return
  if (given.length > 1)
    throw usageError('hash -r takes one directory: names are relative to it', 'Run it once for each directory.')
  if (statSync(given[0]!, { throwIfNoEntry: false })?.isFile() === true)
    throw usageError(`${escapeKey(given[0]!)} is a file`, 'Leave -r out.')
}

const openDirectory = async (path: string, values: Parsed['values']) => {
  const { localDirectory } = await import('@backproof/provider-local')
  return localDirectory({ path, ...directoryChoices(values) })
}

/** Prints the lines; what could not be hashed is told on standard error and decides the exit code. */
const print = async (
  pages: AsyncIterable<readonly Hashed[]>,
  wanted: readonly KnownAlgorithm[],
  tagged: boolean,
): Promise<number> => {
  const tag = tagged || needsTag(wanted)
  const forPeople = process.stdout.isTTY === true
  const passedOver = new Map<string, number>()
  const codes = new Set<number>()
  let lines = 0
  for await (const page of pages) {
    const out: Uint8Array[] = []
    for (const { name, digests, error, passedOver: kind } of page) {
      if (kind !== undefined) passedOver.set(kind, (passedOver.get(kind) ?? 0) + 1)
      if (error !== undefined) {
        codes.add(exitCodeOfError(error.code))
        process.stderr.write(`backproof: ${safeText(error.message)}\n`)
      }
      for (const algorithm of digests === undefined ? [] : wanted)
        out.push(checksumLine({ name, algorithm, digest: digests![algorithm]!, tag, forPeople }))
    }
    lines += out.length
    await writeStdout(Buffer.concat(out))
  }
  for (const [kind, count] of passedOver)
    process.stderr.write(`backproof: ${plural(count, 'entry', 'entries')} not hashed: ${kind}\n`)
  if (lines === 0 && codes.size === 0) {
    process.stderr.write('backproof: there was nothing to hash\n')
    return 3
  }
  // What says most about the files wins, as in reports: 1 beats 3.
  return [70, 1, 3, 2].find((code) => codes.has(code)) ?? 0
}

export const command: Command = { spec, run }
