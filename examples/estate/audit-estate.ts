// A made-up company and a year of its backups, with every fault of faults.ts: builds it in a temporary folder, audits it as the command
// does, and prints what is wrong. Words are faults to put in (`none`: no fault at all), FORMAT=FILE writes a report besides.
//   node --import tsx examples/estate/audit-estate.ts
//   node --import tsx examples/estate/audit-estate.ts retention-gap rot html=estate.html
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { audit } from '@backproof/core/audit'
import { capacityLines, drillLines, jobLines, recoveryPointLines, reportFiles } from '@backproof/core/history'
import { loadPolicy } from '@backproof/core/policy'
import {
  keepRun,
  reporterOf,
  reportMeasures,
  terminalReporter,
  verdictOf,
  writeReport,
  writeReportFile,
} from '@backproof/reporters'
import { recommended } from '@backproof/rules/presets'
import { NOW } from './calendar.js'
import { buildEstate, writeEstate } from './estate.js'
import { FAULTS } from './faults.js'

const words = process.argv.slice(2)
const wanted = words.filter((word) => !word.includes('=') && word !== 'none')
const unknown = wanted.find((word) => FAULTS.every(({ id }) => id !== word))
if (unknown !== undefined)
  throw new Error(`There is no fault ${unknown}. Faults: ${FAULTS.map(({ id }) => id).join(', ')}.`)
const isWhole = wanted.length === 0 && !words.includes('none')
const faults = FAULTS.filter(({ id }) => isWhole || wanted.includes(id))

const folder = await mkdtemp(join(tmpdir(), 'backproof-estate-'))
try {
  await writeEstate(buildEstate(new Set(faults.map(({ id }) => id))), folder)
  const { policy, histories } = await loadPolicy(join(folder, 'policy.yaml'))
  const run = audit({
    policy,
    rules: recommended().rules,
    collectors: [
      jobLines({ path: join(folder, 'jobs.jsonl') }),
      recoveryPointLines({ path: join(folder, 'points.jsonl') }),
      drillLines({ path: join(folder, 'drills.jsonl') }),
      capacityLines({ path: join(folder, 'capacity.jsonl') }),
      reportFiles({ paths: histories.reports.map(({ file }) => file) }),
    ],
    measures: reportMeasures(),
    now: () => new Date(NOW),
  })
  await using document = await keepRun(run)
  await writeReport(document, terminalReporter(), process.stdout)
  for (const [format = '', file = ''] of words.filter((word) => word.includes('=')).map((word) => word.split('=')))
    await writeReportFile(document, await reporterOf(format), file)
  process.exitCode = verdictOf(document).exitCode
} finally {
  await rm(folder, { recursive: true })
}
