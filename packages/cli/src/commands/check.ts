import { preflight } from '@backproof/core/preflight'
import { EXIT } from '@backproof/core/report'
import { jsonDocument } from '@backproof/reporters/json'
import { styleFor } from '@backproof/reporters/text'
import { type Parsed, seeHelp } from '../args/parse.js'
import { SCOPE_OPTIONS, WORK_OPTIONS } from '../args/run-spec.js'
import type { CommandSpec } from '../args/spec.js'
import { usageError } from '../args/usage-error.js'
import { flag } from '../args/values.js'
import type { Command } from '../command.js'
import { type CheckedPlace, checksOfPlace, verdict } from '../output/checks.js'
import { writeStdout } from '../output/stdout.js'
import { prepare } from '../prepare.js'
import { listenForInterrupts } from '../signals.js'

const SCOPE = ['symlinks', 'one-file-system']
const WORK = ['algorithm', 'temp', 'provider', 'with']

const spec: CommandSpec = {
  name: 'check',
  summary: 'Try in a few requests whether places can be listed and read, and say what to do.',
  usage: ['check [OPTIONS] A [B ...]'],
  about: [
    'Reaches each place, lists the beginning of it, looks up one object and reads its first bytes; tells the order of the listing, the digests that are kept, and versions; and tries what only the provider can: credentials, permissions, the clock. A, B ... are directories, archives, manifests or URIs, as for compare and verify.',
    'It takes seconds whatever the size, and proves nothing about the objects: that is for compare and verify. Exits with 0 when every place is ready (things to know are no hindrance), and with 3 when there is a problem or something could not be found out. There is no --report: nothing was proven that a report could tell; --json has everything.',
  ],
  options: [
    {
      name: 'public-key',
      type: 'string',
      value: 'FILE',
      help: 'Accepts only manifests that this Ed25519 key signed (PEM). Default: signatures are checked, whoever made them.',
    },
    {
      name: 'root',
      type: 'string',
      value: 'DIR',
      help: 'What names in a list of another tool have in front, for example /srv/shop. Default: they are relative.',
    },
    ...SCOPE_OPTIONS.filter(({ name }) => SCOPE.includes(name)),
    ...WORK_OPTIONS.filter(({ name }) => WORK.includes(name)),
    { name: 'json', type: 'boolean', help: 'One JSON document {ok, places} on standard output instead of text.' },
    {
      name: 'code',
      type: 'boolean',
      help: 'Print the program that does the same with the API, instead of running it.',
    },
  ],
  examples: [
    { command: 'check /srv/shop /mnt/backup/shop', meaning: 'Before the first comparison' },
    { command: 'check s3://backups/shop', meaning: 'Which permission is missing?' },
    { command: 'check /mnt/backup/shop.tar.gz --json', meaning: 'For programs' },
  ],
}

const run = async ({ values, positionals }: Parsed): Promise<number> => {
  if (positionals.length === 0)
    throw usageError('check needs a place to look at', `For example: backproof check /mnt/backup. ${seeHelp(spec)}`)
  const prepared = await prepare(values)
  const places = await Promise.all(positionals.map((given) => prepared.resolve(given, 'side')))
  if (flag(values, 'code')) {
    const { checkProgram } = await import('../code.js')
    await writeStdout(checkProgram(places, prepared.choices))
    return 0
  }
  const interrupts = listenForInterrupts()
  const json = flag(values, 'json')
  const checked: CheckedPlace[] = []
  try {
    for (const place of places) {
      const one = { place, report: await preflight(await prepared.open(place), { signal: interrupts.signal }) }
      checked.push(one)
      if (!json) await writeStdout(`${checksOfPlace(one, styleFor(process.stdout)).join('\n')}\n\n`)
    }
    const ok = checked.every(({ report }) => report.ok)
    await writeStdout(
      json
        ? jsonDocument({ ok, places: checked.map(({ report }) => report) })
        : `${verdict(checked, styleFor(process.stdout))}\n`,
    )
    return ok ? 0 : EXIT.unproven
  } catch (error) {
    const code = interrupts.exitCode()
    if (code === undefined || error !== interrupts.signal.reason) throw error
    process.stderr.write('backproof: interrupted: not everything was tried\n')
    return code
  } finally {
    interrupts.dispose()
    await prepared.close()
  }
}

export const command: Command = { spec, run }
