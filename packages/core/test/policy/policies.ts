import fc from 'fast-check'
import {
  type Asset,
  type BackupPlan,
  CRITICALITIES,
  FRAMEWORKS,
  POLICY_SCHEMA,
  type Policy,
  RESTORE_LEVELS,
  type Schedule,
} from '../../src/audit/index.js'

/** Policies that a manifest can say, references right. */
export const policies: fc.Arbitrary<Policy> = fc
  .record({
    titles: fc.record(
      { name: text(), owner: text(), approvedBy: text(), reviewed: time(), disposal: text() },
      { requiredKeys: [] },
    ),
    plans: fc.uniqueArray(plan(), { selector: ({ id }) => id, maxLength: 3 }),
    retention: fc.uniqueArray(retention(), { selector: ({ id }) => id, maxLength: 2 }),
    stores: fc.uniqueArray(store(), { selector: ({ id }) => id, maxLength: 2 }),
    contacts: fc.uniqueArray(contact(), { selector: ({ id }) => id, maxLength: 2 }),
    attestations: fc.array(attestation(), { maxLength: 1 }),
    waivers: fc.array(waiver(), { maxLength: 1 }),
    people: fc.uniqueArray(fc.record({ name: text(), roles: fc.array(text(), { minLength: 1, maxLength: 2 }) }), {
      selector: ({ name }) => name,
      maxLength: 2,
    }),
    frameworks: fc.subarray(FRAMEWORKS.map((one) => one.id)),
    reviews: fc.array(fc.record({ kind: text(), at: time(), by: text() }), { maxLength: 2 }),
    trainings: fc.array(fc.record({ person: text(), role: text(), course: text(), completed: time() }), {
      maxLength: 2,
    }),
    assets: fc.uniqueArray(asset(), { selector: ({ id }) => id, maxLength: 4 }),
    picks: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
  })
  .map(({ titles, assets, picks, plans: given, ...rest }) => {
    const pick = <T>(all: readonly T[], i: number): T | undefined =>
      all.length === 0 || picks[i % 12]! % 3 === 0 ? undefined : all[picks[i % 12]! % all.length]
    const plans = given.map((one, i) => withMember(one, 'retention', pick(rest.retention, i)?.id))
    return {
      schema: POLICY_SCHEMA,
      ...titles,
      ...rest,
      plans,
      assets: assets.map((one, i) => {
        const plan = pick(plans, i)
        const store = pick(rest.stores, i + 1)?.id
        const copies = one.copies.map((copy) => withMember(copy, 'store', store))
        return withMember(
          { ...one, copies, plans: plan === undefined ? [] : [plan] },
          'retention',
          pick(rest.retention, i + 2),
        )
      }),
      escalation: rest.contacts.map(({ id }) => ({
        id: `path-${id}`,
        levels: [{ contacts: [id], withinMinutes: 30 }],
      })),
      alerts: rest.contacts.map(({ id }) => ({
        id: `route-${id}`,
        on: ['failed' as const],
        to: [id, 'mailto:a@example.org'],
      })),
      reports: rest.contacts.map(({ id }) => ({
        id: `report-${id}`,
        every: 86_400_000,
        formats: ['html'],
        to: [id],
        delivered: 1_700_000_000_000,
      })),
      correctiveActions: [],
    }
  })

/** The manifest that says a policy: references by id, times, spans and sizes as people write them. */
export const manifestOf = (policy: Policy): unknown => {
  const { declared: _, ...rest } = policy
  return {
    ...rest,
    ...dated(rest, ['reviewed']),
    assets: policy.assets.map((asset) => ({
      ...asset,
      ...dated(asset, ['since']),
      ...spanned(asset, ['rpo', 'rto', 'restoreEvery']),
      plans: asset.plans.map(({ id }) => id),
      ...(asset.retention !== undefined && { retention: asset.retention.id }),
    })),
    contacts: policy.contacts.map((one) => ({ ...one, ...dated(one, ['tested']) })),
    trainings: policy.trainings.map((one) => ({ ...one, ...dated(one, ['completed']) })),
    reviews: policy.reviews.map((one) => ({ ...one, ...dated(one, ['at']) })),
    reports: (policy.reports ?? []).map((one) => ({
      ...one,
      ...dated(one, ['delivered']),
      ...spanned(one, ['every']),
    })),
    attestations: policy.attestations.map((one) => ({ ...one, ...dated(one, ['at', 'expires']) })),
  }
}

const dated = (owner: object, names: readonly string[]): Record<string, string> =>
  mapped(owner, names, (time) => new Date(time).toISOString())
const spanned = (owner: object, names: readonly string[]): Record<string, string> =>
  mapped(owner, names, (span) => `${span / 1000}s`)
const mapped = (owner: object, names: readonly string[], write: (value: number) => string): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = (owner as Record<string, unknown>)[name]
      return typeof value === 'number' ? [[name, write(value)]] : []
    }),
  )

const withMember = <T extends object, K extends string, V>(owner: T, name: K, value: V | undefined): T =>
  value === undefined ? owner : { ...owner, [name]: value }

function text(): fc.Arbitrary<string> {
  return fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((one) => one.trim() !== '')
}
function id(): fc.Arbitrary<string> {
  return fc.stringMatching(/^[a-zA-Z0-9:#{[&*!|>'"%@`-][a-zA-Z0-9 ~/._:#-]{0,8}[a-z]$/)
}
function time(): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 4_000_000_000_000 })
}
function span(): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max: 1_000_000 }).map((seconds) => seconds * 1000)
}
function some<T>(
  required: Record<string, fc.Arbitrary<unknown>>,
  more: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<T> {
  return fc.record(
    { ...required, ...more },
    { requiredKeys: Object.keys(required) },
  ) as fc.Arbitrary<unknown> as fc.Arbitrary<T>
}
function schedule(): fc.Arbitrary<Schedule> {
  const timezone = fc.constantFrom('UTC', 'Europe/Berlin')
  return fc.oneof(
    fc.record({ cron: fc.constantFrom('0 3 * * *', '@daily', '*/5 * * * 1-5'), timezone }),
    fc.record({ rrule: fc.constant('FREQ=WEEKLY;BYDAY=MO'), start: fc.constant('2026-01-05T03:00:00'), timezone }),
  )
}
function plan(): fc.Arbitrary<BackupPlan> {
  const window = some<NonNullable<BackupPlan['window']>>(
    { from: fc.constant('22:00'), to: fc.constant('06:00'), timezone: fc.constant('UTC') },
    { days: fc.constant(['sat', 'sun']) },
  )
  return some(
    { id: id(), schedules: fc.array(schedule(), { maxLength: 2 }) },
    {
      window,
      blackouts: fc.array(window, { minLength: 1, maxLength: 2 }),
      toleranceMinutes: fc.nat(1000),
      system: text(),
    },
  )
}
function asset(): fc.Arbitrary<Asset> {
  const uri = fc.webPath().map((path) => `s3://bucket${path}`)
  return some(
    {
      id: id(),
      plans: fc.constant([]),
      copies: fc.uniqueArray(fc.record({ uri }), { selector: (one) => one.uri, maxLength: 2 }),
    },
    {
      name: text(),
      criticality: fc.constantFrom(...CRITICALITIES),
      dataClasses: fc.array(text(), { maxLength: 2 }),
      since: time(),
      rpo: span(),
      rto: span(),
      restoreLevel: fc.constantFrom(...RESTORE_LEVELS),
      restoreEvery: span(),
      active: fc.boolean(),
      tags: fc.dictionary(text(), text(), { maxKeys: 3, noNullPrototype: true }),
    },
  )
}
function retention(): fc.Arbitrary<Policy['retention'][number]> {
  return some(
    { id: id() },
    { minDays: fc.nat(10), maxDays: fc.integer({ min: 10, max: 99 }), gfs: fc.constant({ daily: 7, yearly: 1 }) },
  )
}
function store(): fc.Arbitrary<Policy['stores'][number]> {
  return some(
    { id: id() },
    { platform: text(), quotaBytes: fc.maxSafeNat(), administrators: fc.array(text(), { maxLength: 2 }) },
  )
}
function contact(): fc.Arbitrary<Policy['contacts'][number]> {
  return some({ id: id(), name: text(), channels: fc.constant(['tel:+49301234']) }, { tested: time() })
}
function attestation(): fc.Arbitrary<Policy['attestations'][number]> {
  return fc
    .record({ id: id(), subject: text(), statement: text(), by: text(), at: time(), days: fc.nat(1000) })
    .map(({ days, ...one }) => ({ ...one, expires: one.at + days * 86_400_000 }))
}
function waiver(): fc.Arbitrary<Policy['waivers'][number]> {
  return some(
    {
      id: id(),
      select: fc.constant({ rule: 'job-success-rate' }),
      reason: text(),
      approver: text(),
      expires: fc.constant('2027-01-31'),
    },
    { ticket: text(), approved: fc.constant('2026-11-01T00:00:00Z') },
  )
}
