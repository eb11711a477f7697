import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { byteCount, exitCode, type ObjectFinding, type Report, summarize } from '@backproof/core/report'
import { escapeKey } from '@backproof/core/source'
import { documentFromRows } from '@backproof/reporters/model'
import { findingsTable, type NextStep } from '@backproof/reporters/terminal'
import { formatDuration, plural, styleFor } from '@backproof/reporters/text'
import { type Parsed, seeHelp } from '../args/parse.js'
import { REPORT_OPTION, reportChoices } from '../args/report-choices.js'
import type { CommandSpec } from '../args/spec.js'
import { usageError } from '../args/usage-error.js'
import { flag, text } from '../args/values.js'
import { collect } from '../collect.js'
import type { Command } from '../command.js'
import { faultsOfReport } from '../demo/check.js'
import { copyTree } from '../demo/copy-tree.js'
import { damage } from '../demo/damage.js'
import { findTree, type Tree } from '../demo/find-tree.js'
import { nextCommand } from '../output/next-command.js'
import { openReports, type Reports } from '../output/reports.js'
import { writeStdout } from '../output/stdout.js'
import { listenForInterrupts } from '../signals.js'

const spec: CommandSpec = {
  name: 'demo',
  summary: 'Copy a real tree, prove the copy, damage it, and find exactly that damage.',
  usage: ['demo [--keep] [--tree PATH] [--report FORMAT=FILE]'],
  about: [
    'Takes the npm that ships with Node, or the nearest node_modules (at most 5,000 files of up to 1 MB each), and copies it twice to a temporary directory. The first run proves that both copies are equal. Then one copy is damaged in five ways, and the second run has to name exactly those.',
    'Exits with 0 only when both reports were exactly right. --report writes the second one, as compare does.',
  ],
  options: [
    { name: 'keep', type: 'boolean', help: 'Keep the temporary directory, to look around in.' },
    { name: 'tree', type: 'string', value: 'PATH', help: 'The directory to copy; at least 1,000 files.' },
    REPORT_OPTION,
  ],
  examples: [
    { command: 'demo', meaning: 'Ten seconds at most' },
    { command: 'demo --report html=demo.html', meaning: 'And a report to look at' },
    { command: 'demo --keep --tree /usr/share/doc', meaning: 'On files of your own, and stay to look around' },
  ],
}

const run = async ({ values, positionals }: Parsed): Promise<number> => {
  if (positionals.length > 0)
    throw usageError('demo takes no arguments', `To choose the files: --tree PATH. ${seeHelp(spec)}`)
  const tree = findTree(text(values, 'tree'))
  const keep = flag(values, 'keep')
  const choices = reportChoices(values)
  if (choices.some(({ path }) => path === '-'))
    throw usageError('the demo itself goes to standard output', 'Give the report a file.')
  const interrupts = listenForInterrupts()
  const directory = mkdtempSync(join(tmpdir(), 'backproof-demo-'))
  const remove = (): void => rmSync(directory, { recursive: true, force: true })
  // Also when a second Ctrl-C ends the process at once.
  if (!keep) process.on('exit', remove)
  let reports: Reports<ObjectFinding, Report> | undefined
  try {
    reports = await openReports<ObjectFinding, Report>(choices, documentFromRows, {
      directories: [tree.root],
      files: [],
      tempDirectory: undefined,
      options: {},
      terminal: {},
    })
    return await show(tree, { directory, keep, reports, signal: interrupts.signal })
  } catch (error) {
    const code = interrupts.exitCode()
    if (code === undefined || error !== interrupts.signal.reason) throw error
    return code
  } finally {
    interrupts.dispose()
    await reports?.close()
    process.off('exit', remove)
    if (keep) await writeStdout(`Kept: ${directory}\n`)
    else remove()
  }
}

interface Stage {
  readonly directory: string
  /** Whether the copies stay, so that commands on them make sense. */
  readonly keep: boolean
  /** Of the second run. */
  readonly reports: Reports<ObjectFinding, Report>
  readonly signal: AbortSignal
}

const show = async (tree: Tree, { directory, keep, reports, signal }: Stage): Promise<number> => {
  const style = styleFor(process.stdout)
  const say = (line = ''): Promise<void> => writeStdout(`${line}\n`)
  const started = performance.now()
  const [source, copy] = [join(directory, 'source'), join(directory, 'copy')]
  for (const path of [source, copy]) mkdirSync(path)

  await say(
    style(
      'bold',
      `1. Copy ${plural(tree.files.length, 'real file')} (${byteCount(tree.bytes)}) of ${escapeKey(tree.root)}, twice, and prove the copy`,
    ),
  )
  await copyTree(tree.root, source, tree.files, signal)
  await copyTree(source, copy, tree.files, signal)
  const clean = await compareDirectories(source, copy, signal)
  await say(`   ${summarize(clean.result).sentence}`)
  if (exitCode(clean.result) !== 0) return wrong(['the copy was intact, and the report does not say so'])

  await say(style('bold', '\n2. Damage the copy in five ways'))
  const done = damage(copy, tree.files)
  for (const { what } of done) await say(`   - ${escapeKey(what)}`)

  await say(style('bold', '\n3. Compare again'))
  const damaged = await compareDirectories(source, copy, signal, reports)
  await reports.write(damaged)
  const place = (given: string) => ({ kind: 'directory', given, path: given }) as const
  const parties = { kind: 'compare', source: place(source), replicas: [place(copy)] } as const
  const next: NextStep | undefined = keep ? (finding) => nextCommand(finding, parties) : undefined
  for (const line of findingsTable(damaged.result.findings, parties, { style, next })) await say(`   ${line}`)
  await say(`   ${summarize(damaged.result).sentence}`)

  await say(style('bold', '\n4. Does the report name exactly that damage?'))
  const faults = faultsOfReport(damaged.result, done, tree.files.length)
  if (faults.length > 0) return wrong(faults)
  const read = clean.telemetry.bytesRead + damaged.telemetry.bytesRead
  const elapsed = clean.telemetry.elapsedMs + damaged.telemetry.elapsedMs
  await say(
    `   Yes: ${plural(done.length, 'kind of damage', 'kinds of damage')}, ${plural(damaged.result.findings.length, 'finding')}, nothing else.`,
  )
  await say(
    `\nBoth runs read ${byteCount(read)} in ${formatDuration(elapsed)}; with the copying ${formatDuration(performance.now() - started)}.`,
  )
  await say(style('green', 'The demo is right: an intact copy was proven, and all damage was found.'))
  return 0
}

const compareDirectories = async (
  source: string,
  replica: string,
  signal: AbortSignal,
  rows?: Reports<ObjectFinding, Report>,
): Promise<Report> => {
  const { compare } = await import('@backproof/core/compare')
  const { localDirectory } = await import('@backproof/provider-local')
  const run = compare({
    source: localDirectory({ path: source }),
    replicas: [localDirectory({ path: replica })],
    require: 'read',
    signal,
  })
  const report = await (rows === undefined ? run.report() : collect(run, rows))
  signal.throwIfAborted()
  return report
}

/** The report was not right: a fault of Backproof. */
const wrong = (faults: readonly string[]): number => {
  for (const fault of faults) process.stderr.write(`backproof: the demo found a fault: ${fault}\n`)
  return 70
}

export const command: Command = { spec, run }
