import type { LostFact } from '@backproof/core/audit'

/** What can be done about a fact that nobody could read; `undefined` where that depends on what failed. */
export const lostHint = ({
  token,
  reason,
  missingPermission,
}: Pick<LostFact, 'token' | 'reason' | 'missingPermission'>): string | undefined => {
  if (missingPermission !== undefined) return `grant ${missingPermission}`
  if (reason === 'not-collected') {
    const source = SOURCES[token]
    return source === undefined
      ? 'no source of a policy gives this fact: leave the rules out, or call the audit from a program with a collector'
      : `add ${source} to the policy`
  }
  if (reason === 'stale') return 'give one that was made later, or accept its age (`maxAge`)'
  return HINTS[reason]
}

const SOURCES: Readonly<Record<string, string>> = {
  'job.runs': 'histories.jobs, for example `- file: runs.jsonl`,',
  'recovery.points': 'histories.recoveryPoints, for example `- file: points.jsonl`,',
  'restore.drills': 'histories.drills, for example `- file: drills.jsonl`,',
  'capacity.samples': 'histories.capacity, for example `- path: /srv/backup` with its `store`,',
  'proof.reports':
    'histories.reports, for example `- file: nightly.json` as `backproof compare ... --json > nightly.json` writes it,',
  'audit.reports':
    'histories.reports, for example `- file: audit-october.json` as `backproof audit ... --json > audit-october.json` writes it,',
}

const HINTS: Readonly<Record<string, string>> = {
  throttled: 'run again later',
  timeout: 'run again later',
  conflict: 'find out which of the collectors is right',
}
