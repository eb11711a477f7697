import markdownIt from 'markdown-it'
import { expect, it } from 'vitest'
import { documentOf, markdownReporter } from '../../src/index.js'
import { auditOf, FRAMEWORKS, VERDICTS } from '../support/audits.js'
import { HOSTILE } from '../support/hostile.js'
import { comparison, STATES, verification } from '../support/proofs.js'
import { outsideCode } from '../support/rendered.js'
import { textOf } from '../support/text-of.js'

/** As trusting as a renderer can be. */
const render = (text: string): string => markdownIt({ html: true, linkify: true }).render(text)
const TAGS = new Set('h1 h2 p strong em ul li code table thead tbody tr th td br'.split(' '))
const tagsOf = (html: string): string[] => [...html.matchAll(/<\/?([a-z0-9]+)/gi)].map((match) => match[1]!)

it('makes nothing of hostile names but text', async () => {
  await using audited = await auditOf(
    HOSTILE.map((name, i) => ({
      id: `${i} ${name}`,
      said: VERDICTS[i % VERDICTS.length]!,
      severity: 'high',
      quoted: name,
    })),
  )
  await using compared = await comparison(HOSTILE.map((name, i) => [`${i} ${name}`, STATES[i % STATES.length]!]))
  for (const document of [audited, compared]) {
    const html = render(await textOf(markdownReporter({ frameworks: FRAMEWORKS }), document))
    expect(tagsOf(html).filter((tag) => !TAGS.has(tag))).toEqual([])
    expect(html).not.toMatch(/<[a-z0-9]+ (?!style="text-align:right")/i)
    expect(outsideCode(html)).toMatch(/^[\p{L}\p{M}\p{N}\s,.;:()'’%–—…-]*$/u)
  }
})

it('says the verdict first, then the totals, then what fails, the most severe first', async () => {
  await using document = await auditOf([
    { id: 'mild', said: 'fail', severity: 'low', quoted: 'q' },
    { id: 'wild', said: 'fail', severity: 'critical', quoted: 'q' },
    { id: 'fine', said: 'pass', severity: 'low', quoted: 'q' },
    { id: 'open', said: 'lost', severity: 'low', quoted: 'q' },
    { id: 'kept', said: 'waived', severity: 'high', quoted: 'q' },
  ])
  const text = await textOf(markdownReporter(), document)
  expect(text.split('\n').filter((line) => /^#|^- \*\*|^\*\*/.test(line))).toEqual([
    '# Audit of backups',
    expect.stringMatching(/^\*\*NOT proven: 2 of 6 checks fail \(1 critical, 1 low\); .+\.\*\*$/),
    '## Failing: 2',
    '- **fail**, critical: asset `wild`, `q` (`wild.yaml:2`)  ',
    '- **fail**, low: asset `name of mild`, `q` (`mild.yaml:1`)  ',
    '## Not decided: 1',
    '- **unknown**, low: asset `open` (`open.yaml:4`)  ',
    '## Failing and accepted: 1',
    '- **fail**, high: asset `name of kept`, `q` (`kept.yaml:5`)  ',
    '## What could not be read',
  ])
  expect(text).toContain('| fail | 3 (1 waived) |')
  expect(text).toContain('\n  - **Do:** Mend what is quoted\n')
  expect(text).toContain('Accepted until `2026-12-01T23:59:59.999Z` by `q`: accepted: q (waiver `w0`, `T-1`)')
})

it('shows at most so many rows of a section and pieces of evidence of a row, and counts the others', async () => {
  await using document = await verification(Array.from({ length: 9 }, (_, i) => [`key ${i}`, 'differs'] as const))
  const text = await textOf(markdownReporter({ rows: 4, evidence: 1 }), document)
  expect(text.match(/^- \*\*fail\*\*/gm)).toHaveLength(4)
  expect(text).toContain('\n… and 5 more, which are not shown here.\n')
  expect(text).toMatch(/\n {2}- … and \d+ more\n/)
})

it('counts what a document without all rows lacks, and says so', async () => {
  await using document = await comparison([
    ['a', 'same'],
    ['b', 'gone'],
  ])
  const text = await textOf(markdownReporter(), documentOf(document.report))
  expect(text).toContain('| pass | 3 |')
  expect(text).toContain('- 3 rows of the run are not in this report')
})

it('has a table of clauses for each framework, which an auditor has to review', async () => {
  await using document = await auditOf([{ id: 'a', said: 'fail', severity: 'high', quoted: 'q' }])
  const text = await textOf(markdownReporter({ frameworks: FRAMEWORKS }), document)
  expect(text).toContain('is a working proposal: an auditor has to review it.')
  expect(text).toContain('| `CP-9` | system backup | gap | 1 check fails | `needy-rule` `told-rule` |')
  expect(await textOf(markdownReporter(), document)).not.toContain('CP-9')
})
