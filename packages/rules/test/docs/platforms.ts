/*
 * Where rules can be asked. Those of histories and of the policy do not ask where backups lie: all. Others by what they need. Source:
 * the audit catalogue.
 */

const ALL = 'all'

const QUOTA = 'local file systems; object stores with a quota in the policy'

const SPECIAL: Readonly<Record<string, string>> = {
  'capacity-runway': QUOTA,
  'capacity-utilization': QUOTA,
}

export const platformsOf = (rule: string): string => SPECIAL[rule] ?? ALL

/** Rules with an entry of their own. */
export const SPECIAL_RULES: readonly string[] = Object.keys(SPECIAL)
