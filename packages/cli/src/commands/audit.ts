import { audit } from '@backproof/core/audit'
import { loadPolicy } from '@backproof/core/policy'
import { reportMeasures } from '@backproof/reporters/measures'
import { moment } from '../args/moment.js'
import { type Parsed, seeHelp } from '../args/parse.js'
import { reportChoices } from '../args/report-choices.js'
import { chosenRules } from '../args/rule-choice.js'
import { ruleSets } from '../args/rule-sets.js'
import { OUTPUT_OPTIONS, WORK_OPTIONS } from '../args/run-spec.js'
import type { CommandSpec } from '../args/spec.js'
import { usageError } from '../args/usage-error.js'
import { flag, texts } from '../args/values.js'
import { knownRules } from '../audit/known-rules.js'
import { historyFiles, openHistories, placeOf } from '../audit/open-histories.js'
import type { Command } from '../command.js'
import { driveAudit } from '../drive-audit.js'
import { writeStdout } from '../output/stdout.js'
import { prepare } from '../prepare.js'

const WORK = ['concurrency', 'temp', 'provider', 'with']
const OUTPUT = ['report', 'quiet', 'no-progress', 'code']

/** Where neither the command line nor the policy names rules. */
const DEFAULT_PRESET = 'recommended'
const UNNAMED = `Nobody named rules, so those of the preset ${DEFAULT_PRESET} were asked. To begin with a few: \`rules:\` in the policy, or --rule ID; backproof rules lists all of them.`

const spec: CommandSpec = {
  name: 'audit',
  summary: 'Judge how backups are run, by rules: jobs, recovery points, restore tests, copies, capacity.',
  usage: ['audit [OPTIONS] POLICY'],
  about: [
    'POLICY is a YAML or JSON file: what is backed up, how often, how long it is kept, and where the histories are that tell what happened (jobs, recovery points, restore tests, capacity, reports of compare and verify). Nothing is written anywhere.',
    'Each rule gives a verdict for each target. What nobody could read is `unknown` and never a pass; the report says what to add. Rules are those of --rule, else those of --preset and --framework, else those that the policy names under `rules`, else those of the preset recommended; --preset all asks every rule that `backproof rules` lists.',
  ],
  options: [
    {
      name: 'rule',
      type: 'string',
      multiple: true,
      value: 'ID[:OPTION=VALUE,...]',
      help: 'Only this rule, instead of those of the policy. A list is its option several times. Repeatable.',
    },
    {
      name: 'preset',
      type: 'string',
      value: 'NAME',
      help: 'The rules of a preset, instead of those of the policy: recommended, or strict, which adds to it and tightens numbers, or all, which has the opt-in rules too. Default, where nobody names rules: recommended.',
    },
    {
      name: 'framework',
      type: 'string',
      multiple: true,
      value: 'ID',
      help: 'The rules that speak to clauses of a framework, with its numbers where these are stricter, for example pci-dss; and the report clause by clause. Adds to --preset. Which rule speaks to which clause is a working proposal, which an auditor has to review. Repeatable.',
    },
    {
      name: 'at',
      type: 'string',
      value: 'TIME',
      help: 'The clock of the audit, ISO 8601: ages are counted from it. Default: now. What lies after it makes rules `unknown`: it is for histories that end there, and does not bring back how things stood earlier.',
    },
    {
      name: 'max-age',
      type: 'string',
      value: 'DURATION',
      help: 'Facts and histories that were told longer ago count as not known. Default 1d.',
    },
    ...WORK_OPTIONS.filter(({ name }) => WORK.includes(name)),
    {
      name: 'json',
      type: 'boolean',
      help: 'One JSON document {result, telemetry} on standard output instead of text.',
    },
    {
      name: 'ndjson',
      type: 'string',
      value: 'FILE',
      help: 'Every finding as a line of JSON, passes included. Earlier rows are replaced; a file of something else is refused.',
    },
    {
      name: 'findings',
      type: 'string',
      value: 'N',
      help: 'How many failing findings the report keeps. Default 50 as text, 1000 as JSON.',
    },
    ...OUTPUT_OPTIONS.filter(({ name }) => OUTPUT.includes(name)),
  ],
  examples: [
    { command: 'audit policy.yaml', meaning: 'Are the backups run as the policy says?' },
    { command: 'audit policy.yaml --rule job-success-rate:minPercent=99', meaning: 'One rule, with an option' },
    {
      command: 'audit policy.yaml --at 2026-01-01 --json',
      meaning: 'With histories that were exported at the end of the year; for programs',
    },
    {
      command: 'audit policy.yaml --preset recommended --framework pci-dss',
      meaning: 'What every estate should pass, and how PCI DSS stands, clause by clause',
    },
    { command: 'rules', meaning: 'Which rules are there?' },
  ],
}

const run = async ({ values, positionals }: Parsed): Promise<number> => {
  const [path, ...others] = positionals
  if (path === undefined || others.length > 0)
    throw usageError(
      path === undefined ? 'audit needs a policy' : `audit takes one policy, ${positionals.length} were given`,
      `For example: backproof audit policy.yaml. ${path === undefined ? '' : 'A policy can take in others with `extends`. '}${seeHelp(spec)}`,
    )
  const at = moment(values, 'at')
  const known = await knownRules()
  const chosen = chosenRules(texts(values, 'rule'), known)
  const asked = await ruleSets(values)
  const reports = reportChoices(values)
  const prepared = await prepare(values)
  const loaded = await loadPolicy(path, { rules: known })
  const named = (loaded.rules ?? []).flatMap(({ configured }) => (configured === undefined ? [] : [configured]))
  const unnamed = chosen.length === 0 && asked.preset === undefined && named.length === 0
  const sets = unnamed ? await ruleSets({ preset: DEFAULT_PRESET }) : asked
  const rules = [chosen, sets.preset?.rules ?? []].find((some) => some.length > 0) ?? named
  const { maxAge, concurrency, findingsLimit, tempDirectory } = prepared.options
  const options = { maxAge, concurrency, findingsLimit, tempDirectory }
  if (flag(values, 'code')) {
    const { auditProgram } = await import('../audit/program.js')
    const points = loaded.histories.recoveryPoints.filter((one) => one.kind === 'place')
    const places = await Promise.all(points.map((one) => placeOf(one, prepared)))
    await writeStdout(
      auditProgram({
        path,
        loaded,
        rules,
        sets: chosen.length > 0 ? { ...sets, code: undefined } : sets,
        places,
        choices: prepared.choices,
        options,
        at,
        reports,
      }),
    )
    return 0
  }
  const now = at ?? new Date()
  const charts = reports.some(({ format }) => format.charts)
  try {
    const collectors = await openHistories(loaded.histories, prepared)
    return await driveAudit({
      values,
      frameworks: sets.frameworks,
      notes: unnamed ? [UNNAMED] : [],
      files: [...loaded.files, ...historyFiles(loaded.histories)],
      header: { kind: 'audit', asOf: now.toISOString(), policy: path, rules: rules.map(({ name }) => name).toSorted() },
      start: (hooks) =>
        audit({
          ...hooks,
          rules,
          policy: loaded.policy,
          collectors,
          now: () => now,
          ...(charts && { measures: reportMeasures() }),
          ...options,
        }),
    })
  } finally {
    await prepared.close()
  }
}

export const command: Command = { spec, run }
