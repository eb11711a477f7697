import { nist80053 } from '@backproof/core/audit'
import { describe, expect, it } from 'vitest'
import { htmlReporter } from '../../src/index.js'
import { auditOf } from '../support/audits.js'
import { textContent } from '../support/rendered.js'
import { textOf } from '../support/text-of.js'

const clausesOf = async (...said: readonly ('pass' | 'fail' | 'waived' | 'lost')[]): Promise<string> => {
  await using document = await auditOf(
    said.map((one, i) => ({ id: `shop-${i}`, said: one, severity: 'low', quoted: `run ${i}` })),
  )
  const text = await textOf(htmlReporter({ frameworks: [nist80053] }), document)
  return textContent(/<section id="clauses".*?<\/section>/s.exec(text)?.[0] ?? '').replace(/\s+/g, ' ')
}

describe('clauses', () => {
  it('stand where the result puts them, with the rules that speak to them', async () => {
    expect(await clausesOf('pass')).toMatch(/1 automated .*automated CP-9 system backup .* needy-rule, told-rule/)
    expect(await clausesOf('pass', 'fail')).toMatch(
      /gap CP-9 system backup 1 check fails; 1 check passes; rules cover a part of it/,
    )
    expect(await clausesOf('pass', 'waived')).toMatch(
      /1 accepted risk .*accepted risk CP-9 system backup 1 failure is waived/,
    )
    expect(await clausesOf('lost')).toMatch(/gap CP-9 system backup/)
  })

  it('to which no rule speaks are gaps, one by one', async () => {
    const text = await clausesOf('pass')
    const others = Object.entries(nist80053.clauses).filter(([clause]) => clause !== 'CP-9')
    expect(text).toContain(`${others.length} clauses: no rule of this audit speaks to it`)
    for (const [clause, about] of others) expect(text).toContain(`${clause} ${about}`)
  })

  it('are a working proposal, and the page says so', async () => {
    expect(await clausesOf('pass')).toContain(
      'A working proposal. That a rule speaks to a clause is our reading of it. An auditor has to review',
    )
  })
})
