import { expect, it } from 'vitest'
import { documentOf, ndjsonReporter } from '../../src/index.js'
import { auditOf, VERDICTS } from '../support/audits.js'
import { HOSTILE } from '../support/hostile.js'
import { comparison, verification } from '../support/proofs.js'
import { textOf } from '../support/text-of.js'
import { readRows } from './read-ndjson.js'

it('is read back by core, row by row', async () => {
  await using compared = await comparison(HOSTILE.map((key) => [key, 'gone']))
  await using verified = await verification([['a', 'same']])
  await using audited = await auditOf(
    VERDICTS.map((said) => ({ id: said, said, severity: 'low', quoted: HOSTILE[0]! })),
  )
  for (const document of [compared, verified, audited]) {
    const rows = await readRows(await textOf(ndjsonReporter(), document))
    const [header, ...rest] = rows
    const kept: unknown[] = []
    for await (const page of document.rows()) kept.push(...page)
    expect(header).toMatchObject({ type: 'header', header: { kind: document.kind } })
    expect(rest.slice(0, -1)).toEqual(kept.map((finding) => ({ type: 'finding', finding })))
    expect(rest.at(-1)).toEqual({ type: 'end', result: JSON.parse(JSON.stringify(document.report.result)) })
  }
})

it('is not written of a document that lacks rows: it could not be read back', async () => {
  await using document = await comparison([['a', 'same']])
  await expect(textOf(ndjsonReporter(), documentOf(document.report))).rejects.toMatchObject({ code: 'unsupported' })
})
