import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type RuleTest, registerRuleTester, rulePurity } from '@backproof/core/testing'
import { describe, expect, it } from 'vitest'

/** Those of the audit catalogue that are here or are to come. */
const IDS = [
  'access-log-reviewed',
  'access-review-current',
  'asset-criticality-defined',
  'asset-has-plan',
  'audit-cadence',
  'backup-policy-documented',
  'backup-size-anomaly',
  'capacity-runway',
  'capacity-utilization',
  'checksum-recorded',
  'compression-effective',
  'copies-in-sync',
  'copy-air-gapped',
  'copy-cross-account',
  'copy-cross-region',
  'copy-independent-failure-domain',
  'corrective-action-tracked',
  'dedup-effective',
  'escalation-path-defined',
  'expired-backups-removed',
  'incremental-strategy',
  'integrity-verified',
  'job-consecutive-failures',
  'job-failure-alerting',
  'job-last-run-succeeded',
  'job-no-production-impact',
  'job-no-skipped-items',
  'job-not-missed',
  'job-performance-regression',
  'job-recurring-errors',
  'job-success-rate',
  'job-window-respected',
  'plan-min-frequency',
  'plan-min-retention',
  'policy-meets-framework',
  'recovery-point-fresh',
  'recovery-point-gap',
  'recovery-point-min-retention',
  'report-schedule',
  'restore-consistency-verified',
  'restore-isolated',
  'restore-meets-rpo',
  'restore-meets-rto',
  'restore-test-coverage',
  'restore-test-passed',
  'restore-test-recent',
  'retention-max',
  'retention-schedule-complete',
  'third-party-service-protected',
  'three-two-one-one-zero',
  'training-current',
  'waiver-valid',
]

const filesIn = (folder: string, ending: string): readonly string[] =>
  readdirSync(join(import.meta.dirname, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort()

const written = filesIn('../src/rules', '.ts')
const tested = filesIn('rules', '.cases.ts')
const moduleOf = (id: string): string => pathToFileURL(join(import.meta.dirname, 'rules', `${id}.cases.ts`)).href

describe('the rules', () => {
  it('have a file of cases each', () => {
    expect(tested).toEqual(written)
  })

  it('have ids of the audit catalogue, which are the names of their files', async () => {
    const rules = await import('../src/index.js')
    expect(Object.values(rules).map(({ meta }) => meta.id)).toEqual(expect.arrayContaining(written as string[]))
    expect(written.filter((id) => !IDS.includes(id))).toEqual([])
  })

  it('are exported by the package, in camel case, and nothing else is', async () => {
    const rules = await import('../src/index.js')
    const camelCase = (id: string): string => id.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
    expect(Object.keys(rules).sort()).toEqual(written.map(camelCase).sort())
    for (const [name, { meta }] of Object.entries(rules)) expect(name).toBe(camelCase(meta.id))
  })

  it('are pure', async () => {
    const execArgv = ['--import', import.meta.resolve('tsx'), '--conditions', 'backproof-source']
    const found = await rulePurity({ modules: tested.map(moduleOf), execArgv })
    expect(found.map(({ rule }) => rule)).toEqual(tested)
    expect(found.filter(({ trapped }) => trapped.length > 0)).toEqual([])
  })
})

for (const id of tested) {
  const loaded = await import(moduleOf(id)).catch((error: unknown) => ({ error }))
  if ('error' in loaded)
    it(`${id} can be loaded`, () => {
      throw loaded.error
    })
  else registerRuleTester((loaded as { readonly default: RuleTest }).default, { describe, it })
}
