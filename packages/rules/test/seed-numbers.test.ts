import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OptionDescriptor, RuleFactory } from '@backproof/core/audit'
import { askRule } from '@backproof/core/testing'
import * as rules from '@backproof/rules'
import { describe, expect, it } from 'vitest'
import { DAY, NOW, restoreTest, shop } from './restore-test.js'

const MONTH = 31
const QUARTER = 92

/** Every number of the seed, as the default of an option. */
const NUMBERS = [
  ['job-success-rate', 'minPercent', 98, 'success rates below 98 % lead to action'],
  ['capacity-utilization', 'warnPercent', 80, 'capacity above 80 % leads to action'],
  ['restore-test-recent', 'maxDays', undefined, 'monthly for critical assets, quarterly for the rest'],
  ['audit-cadence', 'maxDays', MONTH, 'routine audits monthly or quarterly; the stricter of both'],
  ['audit-cadence', 'deepMaxDays', QUARTER, 'routine audits monthly or quarterly'],
  ['access-review-current', 'maxDays', QUARTER, 'quarterly'],
  ['access-log-reviewed', 'maxDays', QUARTER, 'quarterly'],
  ['report-schedule', 'maxDays', QUARTER, 'audits are monthly or quarterly; the longer of the two'],
] as const

const metas = (Object.values(rules) as unknown as readonly RuleFactory[]).map(({ meta }) => meta)
const optionOf = (rule: string, option: string): OptionDescriptor | undefined =>
  metas.find(({ id }) => id === rule)?.options[option]

describe('numbers of the seed', () => {
  it.each(NUMBERS)('%s: %s is %s by default, with its source', (rule, option, value, words) => {
    const descriptor = optionOf(rule, option)
    expect(descriptor).toBeDefined()
    expect(descriptor!.default).toBe(value)
    expect(`${descriptor!.source};`.startsWith(`seed: ${words};`)).toBe(true)
  })

  it.each(NUMBERS)('the page of %s shows %s', (rule, option, value, words) => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/rules', `${rule}.md`), 'utf8')
    const row = page.split('\n').find((line) => line.startsWith(`| \`${option}\` |`))
    expect(row).toContain(
      value === undefined ? `else ${MONTH} for critical assets, ${QUARTER} for others` : `| \`${value}\` |`,
    )
    expect(row).toContain(`| seed: ${words}`)
  })

  it('no other option says that it comes from there', () => {
    const found = metas.flatMap(({ id, options }) =>
      Object.entries(options)
        .filter(([, { source }]) => /\bseed\b/.test(source))
        .map(([option]) => `${id}:${option}`),
    )
    expect(found.sort()).toEqual(NUMBERS.map(([rule, option]) => `${rule}:${option}`).sort())
  })
})

describe('restore tests', () => {
  const asked = async (criticality: 'critical' | 'high', started: number): Promise<readonly string[]> => {
    const rows = await askRule(rules.restoreTestRecent, {
      facts: { asset: shop({ criticality }) },
      histories: { tests: [restoreTest(0, { started })] },
    })
    return rows.map(({ status }) => status)
  }

  it.each([
    ['critical', MONTH],
    ['high', QUARTER],
  ] as const)('of %s assets: %i days and not a second more', async (criticality, limit) => {
    expect(await asked(criticality, NOW - limit * DAY)).toEqual(['pass'])
    expect(await asked(criticality, NOW - limit * DAY - 1_000)).toEqual(['fail'])
  })
})
