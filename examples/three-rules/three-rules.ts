// Three rules of the catalogue, imported one by one, and nothing else of it: their verdicts about a policy and two histories.
import { join } from 'node:path'
import { audit } from '@backproof/core/audit'
import { capacityLines, jobLines } from '@backproof/core/history'
import { loadPolicy } from '@backproof/core/policy'
import { exitCode } from '@backproof/core/report'
import { capacityUtilization } from '@backproof/rules/capacity-utilization'
import { escalationPathDefined } from '@backproof/rules/escalation-path-defined'
import { jobSuccessRate } from '@backproof/rules/job-success-rate'

const [folder = import.meta.dirname, asOf = '2026-11-01T06:00:00Z'] = process.argv.slice(2)
const { policy } = await loadPolicy(join(folder, 'policy.yaml'))

const run = audit({
  policy,
  rules: [jobSuccessRate({ minPercent: 90 }), capacityUtilization(), escalationPathDefined({ contactTestMaxDays: 90 })],
  collectors: [jobLines({ path: join(folder, 'runs.jsonl') }), capacityLines({ path: join(folder, 'capacity.jsonl') })],
  now: () => new Date(asOf),
})
for await (const findings of run)
  for (const { status, rule, target, text } of findings) console.log(`${status} ${rule} ${target.id}: ${text}`)
process.exitCode = exitCode((await run.report()).result)
