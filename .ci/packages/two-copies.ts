import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CheckFailure, type Context, mustRun } from './context.js'

/**
 * Two copies of core in one process: the provider and the rules get nested ones of their own, the host uses the other. Happens when
 * third parties pin another version.
 */
export const twoCopies = async ({ project, temp }: Context): Promise<string> => {
  const host = join(temp, 'two-copies')
  await cp(project, host, { recursive: true, verbatimSymlinks: true })
  const modules = join(host, 'node_modules/@backproof')
  for (const third of ['provider-local', 'rules'])
    await cp(join(modules, 'core'), join(modules, third, 'node_modules/@backproof/core'), { recursive: true })
  await writeFile(join(host, 'host.js'), HOST)
  await writeFile(join(host, 'audit.js'), AUDIT)
  const fix =
    'Core must keep no module state and use no `instanceof` on its own classes: brands go through `Symbol.for`, data is plain.'
  const seen: Record<string, unknown> = {}
  for (const program of ['host.js', 'audit.js'])
    Object.assign(seen, JSON.parse((await mustRun(process.execPath, [program], host, fix)).stdout))
  const expected: Record<string, unknown> = {
    copies: 2,
    outcomes: ['gone missing', 'new extra', 'rotten mismatch'],
    matches: 1,
    recognised: true,
    sameClass: false,
    code: 'not-found',
    copiesOfAudit: 2,
    audited: [
      'db integrity-verified unknown fact-unknown denied',
      'db job-success-rate fail below',
      'db needs-tier pass fine',
      'web integrity-verified unknown fact-unknown denied',
      'web job-success-rate pass reached',
      'web needs-tier unknown attribute-missing',
    ],
  }
  for (const [name, value] of Object.entries(expected)) {
    if (JSON.stringify(seen[name]) !== JSON.stringify(value)) {
      throw new CheckFailure(
        `With two copies of core, "${name}" was ${JSON.stringify(seen[name])}, expected ${JSON.stringify(value)}.`,
        fix,
      )
    }
  }
  return 'a source of one copy compared by the other, rules of one asked by the other; errors recognised across'
}

const HOST = `import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { BackupError, compare, isBackupError } from '@backproof/core'
import { localDirectory } from '@backproof/provider-local'

const require = createRequire(import.meta.url)
const here = require.resolve('@backproof/core')
const theirs = createRequire(require.resolve('@backproof/provider-local')).resolve('@backproof/core')

const a = await mkdtemp(tmpdir() + '/backproof-check-')
const b = await mkdtemp(tmpdir() + '/backproof-check-')
try {
  for (const [path, text] of [['/same', 'x'], ['/rotten', 'abc'], ['/gone', 'g']]) await writeFile(a + path, text)
  for (const [path, text] of [['/same', 'x'], ['/rotten', 'abd'], ['/new', 'n']]) await writeFile(b + path, text)
  const { result } = await compare({
    source: localDirectory({ path: a }),
    replicas: [localDirectory({ path: b })],
  }).report()
  const missing = localDirectory({ path: a + '/no-such-directory' })
  const error = await missing.describe().then(() => undefined, (reason) => reason)
  console.log(JSON.stringify({
    copies: new Set([here, theirs]).size,
    outcomes: result.findings.map((one) => one.key + ' ' + one.outcome),
    matches: result.totals.outcomes.match,
    recognised: isBackupError(error),
    sameClass: error instanceof BackupError,
    code: error?.code,
  }))
} finally {
  await rm(a, { recursive: true })
  await rm(b, { recursive: true })
}
`

/** Rules, facts, histories and errors of one copy, the engine of the other. */
const AUDIT = `import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { audit } from '@backproof/core/audit'
import { integrityVerified } from '@backproof/rules/integrity-verified'
import { jobSuccessRate } from '@backproof/rules/job-success-rate'

const require = createRequire(import.meta.url)
const ofRules = createRequire(require.resolve('@backproof/rules'))
const load = (name) => import(pathToFileURL(ofRules.resolve(name)))
const { BackupError } = await load('@backproof/core')
const { defineRule } = await load('@backproof/core/audit')
const { jobLines, proofReports } = await load('@backproof/core/history')

const needsTier = defineRule({
  id: 'needs-tier',
  title: 'Needs a tier',
  description: ['For this check.'],
  rationale: 'For this check.',
  category: 'jobs',
  severity: 'low',
  scope: 'asset',
  since: '0.1.0',
  clauses: [],
  remediation: { action: 'None' },
  messages: { fine: { status: 'pass', text: 'fine' } },
  applies: ({ attribute }) => attribute('tier') !== '',
  evaluate: () => ({ message: 'fine' }),
})
const run = (asset, hour, status) => {
  const at = (minute) => '2026-10-30T0' + hour + ':' + minute + ':00Z'
  return JSON.stringify({ asset, id: asset + hour, status, start: at('00'), end: at('30') })
}
const lines = [run('db', 1, 'success'), run('db', 2, 'failed'), run('web', 1, 'success')]
const refusing = {
  specVersion: 'v1',
  id: 'refusing',
  provides: [proofReports],
  kinds: ['estate'],
  collect: () => Promise.reject(new BackupError({ code: 'access-denied', message: 'not for you' })),
}
const rows = []
for await (const page of audit({
  rules: [jobSuccessRate({ minSamples: 1 }), needsTier(), integrityVerified()],
  targets: [
    { kind: 'asset', id: 'db', attributes: { tier: 'gold' } },
    { kind: 'asset', id: 'web' },
  ],
  collectors: [jobLines({ lines: () => lines }), refusing],
  now: () => new Date('2026-11-01T00:00:00Z'),
})) rows.push(...page)
const engine = require.resolve('@backproof/core/audit')
console.log(JSON.stringify({
  copiesOfAudit: new Set([engine, ofRules.resolve('@backproof/core/audit')]).size,
  audited: rows.map(({ target, rule, status, message, facts = [] }) =>
    [target.id, rule, status, message, ...facts.flatMap(({ reason }) => reason ?? [])].join(' '),
  ),
}))
`
