import { type Asset, type BackupPlan, POLICY_SCHEMA, type Policy } from '../audit/policy.js'
import { checkZone } from '../schedule/zone.js'
import { checkMerged, type Merged } from './check.js'
import type { Declared, KnownRule, LoadedPolicy } from './loaded.js'
import type { Part } from './part.js'
import { originOf, type Reading, reportAt } from './problem.js'
import { resolveHistories } from './resolve-histories.js'
import { resolvePlan } from './resolve-plans.js'
import { checkWaivedRules, resolveRules } from './rule-uses.js'

/** One policy from all files, references resolved. What is wrong stands in `reading`; then the result is not to be used. */
export const resolveParts = (
  parts: readonly Part[],
  rules: readonly KnownRule[] | undefined,
  reading: Reading,
): LoadedPolicy => {
  const all = <K extends keyof Merged>(name: K): Merged[K] =>
    parts.flatMap(({ manifest }) => manifest[name] as readonly unknown[]) as Merged[K]
  const merged: Merged = {
    assets: all('assets'),
    plans: all('plans'),
    stores: all('stores'),
    retention: all('retention'),
    contacts: all('contacts'),
    escalation: all('escalation'),
    alerts: all('alerts'),
    people: all('people'),
    trainings: all('trainings'),
    reviews: all('reviews'),
    attestations: all('attestations'),
    correctiveActions: all('correctiveActions'),
    reports: all('reports'),
    // Two files may name one.
    frameworks: [...new Set(all('frameworks'))],
    waivers: all('waivers'),
  }
  const known = checkMerged(merged, reading)
  const plans = parts.flatMap((part) => {
    const zone = zoneOf(part, reading)
    return part.manifest.plans.map((plan) => resolvePlan(plan, zone, reading))
  })
  const policy: Policy = {
    schema: POLICY_SCHEMA,
    ...titles(parts),
    ...merged,
    plans,
    assets: resolveAssets(merged, plans),
    declared: declaredAt(merged, reading),
  }
  const uses = resolveRules(parts, rules, reading)
  checkWaivedRules(merged.waivers, uses, rules, reading)
  return {
    policy,
    rules: uses,
    histories: resolveHistories(parts, known, reading),
    files: parts.map(({ file }) => file),
  }
}

/** Of schedules and windows that name none. One that is wrong is told where it stands, and not again for each of them. */
const zoneOf = ({ manifest, timezone }: Part, reading: Reading): string | undefined => {
  const wrong = timezone === undefined ? undefined : checkZone(timezone)
  if (wrong === undefined) return timezone
  if (manifest.timezone !== undefined) reportAt(reading, manifest, 'timezone', wrong)
  return 'UTC'
}

/** Of two files that say one, the one that extends the other wins. */
const titles = (parts: readonly Part[]): Pick<Policy, 'name' | 'owner' | 'approvedBy' | 'reviewed' | 'disposal'> =>
  Object.assign(
    {},
    ...parts.map(({ manifest: { name, owner, approvedBy, reviewed, disposal } }) => ({
      ...(name !== undefined && { name }),
      ...(owner !== undefined && { owner }),
      ...(approvedBy !== undefined && { approvedBy }),
      ...(reviewed !== undefined && { reviewed }),
      ...(disposal !== undefined && { disposal }),
    })),
  )

const resolveAssets = ({ assets, retention }: Merged, plans: readonly BackupPlan[]): readonly Asset[] => {
  const planOf = new Map(plans.map((plan) => [plan.id, plan]))
  const classOf = new Map(retention.map((one) => [one.id, one]))
  return assets.map(({ retention: kept, ...asset }) => {
    const found = kept === undefined ? undefined : classOf.get(kept)
    return {
      ...asset,
      plans: asset.plans.flatMap((id) => planOf.get(id) ?? []),
      ...(found !== undefined && { retention: found }),
    }
  })
}

const declaredAt = (merged: Merged, reading: Reading): NonNullable<Policy['declared']> =>
  Object.fromEntries(
    (['assets', 'plans', 'stores'] as const).flatMap((name) =>
      merged[name].map((one, i): [string, Declared] => {
        const { file, line } = originOf(reading, one).place
        return [`/${name}/${i}`, { file, line }]
      }),
    ),
  )
