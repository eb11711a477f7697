import { lastMoment } from '../audit/engine/waiver-form.js'
import type { AlertRoute, EscalationPath, ReportSchedule } from '../audit/governance.js'
import type { Policy } from '../audit/policy.js'
import { checkReference, gatherIds, type Ids } from './ids.js'
import type { Manifest, ManifestAsset, ManifestPlan } from './manifest-types.js'
import { type Reading, reportAt } from './problem.js'

/** All lists of all files. */
export type Merged = Pick<Manifest, keyof Lists>
type Lists = Omit<Policy, 'schema' | 'name' | 'owner' | 'approvedBy' | 'reviewed' | 'disposal' | 'declared'>

/** Ids that the histories of a manifest refer to. */
export interface Known {
  readonly assets: Ids
  readonly stores: Ids
}

/** Reports ids that stand twice, references that lead nowhere, and what contradicts itself. */
export const checkMerged = (merged: Merged, reading: Reading): Known => {
  const assets = gatherIds('asset', merged.assets, reading)
  const plans = gatherIds('plan', merged.plans, reading)
  const stores = gatherIds('store', merged.stores, reading)
  const retention = gatherIds('retention class', merged.retention, reading)
  const contacts = gatherIds('contact', merged.contacts, reading)
  const escalation = gatherIds('escalation path', merged.escalation, reading)
  gatherIds('alert route', merged.alerts, reading)
  gatherIds('attestation', merged.attestations, reading)
  gatherIds('corrective action', merged.correctiveActions, reading)
  gatherIds('waiver', merged.waivers, reading)
  gatherIds('report', merged.reports, reading)
  gatherNames(merged, reading)

  for (const plan of merged.plans) checkPlan(plan, retention, reading)
  for (const asset of merged.assets) checkAsset(asset, { plans, stores, retention, escalation }, reading)
  checkEscalation(merged.escalation, escalation, contacts, reading)
  for (const alert of merged.alerts) checkAlert(alert, { assets, plans, contacts }, reading)
  for (const report of merged.reports) checkReached(report, contacts, reading)
  checkOrders(merged, reading)
  return { assets, stores }
}

const checkPlan = (plan: ManifestPlan, retention: Ids, reading: Reading): void =>
  checkReference(plan.retention, retention, plan, 'retention', reading)

const checkAsset = (
  asset: ManifestAsset,
  ids: { readonly plans: Ids; readonly stores: Ids; readonly retention: Ids; readonly escalation: Ids },
  reading: Reading,
): void => {
  for (const [i, plan] of asset.plans.entries()) {
    checkReference(plan, ids.plans, asset.plans, i, reading)
    if (asset.plans.indexOf(plan) < i)
      reportAt(reading, asset.plans, i, `the plan ${JSON.stringify(plan)} stands twice here; once is enough`)
  }
  checkReference(asset.retention, ids.retention, asset, 'retention', reading)
  checkReference(asset.escalation, ids.escalation, asset, 'escalation', reading)
  const uris = asset.copies.map(({ uri }) => uri)
  for (const [i, copy] of asset.copies.entries()) {
    if (copy.store !== undefined) checkReference(copy.store, ids.stores, copy, 'store', reading)
    if (copy.uri !== undefined && uris.indexOf(copy.uri) < i)
      reportAt(reading, asset.copies, i, 'this copy stands twice here; two copies are at two places')
  }
  const [, second] = asset.copies.filter(({ primary }) => primary === true)
  if (second !== undefined)
    reportAt(reading, second, 'primary', 'a second copy is primary; one is, and the others are held against it')
}

const checkEscalation = (paths: readonly EscalationPath[], ids: Ids, contacts: Ids, reading: Reading): void => {
  for (const path of paths) {
    checkReference(path.then, ids, path, 'then', reading)
    for (const level of path.levels ?? [])
      for (const [i, contact] of (level.contacts ?? []).entries())
        checkReference(contact, contacts, level.contacts, i, reading)
  }
  const next = new Map(paths.map((path) => [path.id, path]))
  const told = new Set<string>()
  for (const path of paths) {
    const way: string[] = []
    for (
      let at: EscalationPath | undefined = path;
      at !== undefined && !told.has(at.id);
      at = at.then === undefined ? undefined : next.get(at.then)
    ) {
      const circle = way.indexOf(at.id)
      if (circle >= 0) {
        const names = [...way.slice(circle), at.id].join(' -> ')
        reportAt(reading, at, 'then', `escalation goes in a circle: ${names}; take one \`then\` out`)
        break
      }
      way.push(at.id)
    }
    for (const id of way) told.add(id)
  }
}

const CHANNEL = /^[a-z][a-z0-9+.-]*:\S+$/i

const checkAlert = (
  alert: AlertRoute,
  ids: { readonly assets: Ids; readonly plans: Ids; readonly contacts: Ids },
  reading: Reading,
): void => {
  checkReached(alert, ids.contacts, reading)
  for (const name of ['assets', 'plans'] as const) {
    const given = alert[name]
    for (const [i, one] of (given ?? []).entries())
      if (!one.includes('*')) checkReference(one, ids[name], given!, i, reading)
  }
}

/** Those who are told: ids of contacts, or channels. */
const checkReached = ({ to = [] }: Pick<AlertRoute | ReportSchedule, 'to'>, contacts: Ids, reading: Reading): void => {
  for (const [i, one] of to.entries()) if (!CHANNEL.test(one)) checkReference(one, contacts, to, i, reading)
}

/** People are told apart by their names. */
const gatherNames = ({ people }: Merged, reading: Reading): void => {
  const names = people.map(({ name }) => name)
  for (const [i, one] of people.entries())
    if (one.name !== undefined && names.indexOf(one.name) < i)
      reportAt(reading, one, 'name', `${JSON.stringify(one.name)} stands twice; name all roles of a person once`)
}

/** What cannot come before something else. */
const checkOrders = (merged: Merged, reading: Reading): void => {
  const before = (
    owner: object,
    first: number | undefined,
    last: number | undefined,
    key: string,
    message: string,
  ): void => {
    if (first !== undefined && last !== undefined && last < first) reportAt(reading, owner, key, message)
  }
  for (const one of merged.retention)
    before(
      one,
      one.minDays,
      one.maxDays,
      'maxDays',
      `maxDays is ${one.maxDays}, less than minDays; expected at least ${one.minDays}`,
    )
  for (const one of merged.reviews)
    before(one, one.from, one.to, 'to', 'the review ends before it begins; expected a date on or after `from`')
  for (const one of merged.attestations)
    before(
      one,
      one.at,
      one.expires,
      'expires',
      'the attestation expires before it is made; expected a date on or after `at`',
    )
  for (const one of merged.correctiveActions) {
    before(one, one.opened, one.due, 'due', 'it is due before it was opened; expected a date on or after `opened`')
    before(
      one,
      one.opened,
      one.closed,
      'closed',
      'it was closed before it was opened; expected a date on or after `opened`',
    )
  }
  for (const one of merged.waivers) {
    before(
      one,
      lastMoment(one.approved),
      lastMoment(one.expires),
      'expires',
      'the waiver expires before it was approved; expected a date on or after `approved`',
    )
    if (one.select !== undefined && Object.keys(one.select).length === 0)
      reportAt(
        reading,
        one,
        'select',
        'the select names nothing, and a waiver of everything is none; name a rule, a target or a fingerprint',
      )
  }
}
