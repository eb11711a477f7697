import { nist80053 } from '@backproof/core/audit'
import { expect, it } from 'vitest'
import { FORMATS, reporterOf } from '../src/index.js'
import { auditOf } from './support/audits.js'
import { textOf } from './support/text-of.js'

it.each(FORMATS.map(({ format }) => format))('%s is made by its name, and says it', async (format) => {
  const reporter = await reporterOf(format)
  expect(reporter.format).toBe(format)
  expect(reporter.mediaType).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/)
  expect(reporter.extension).toMatch(/^[a-z]+$/)
})

it('gives the same text of the same document', async () => {
  await using document = await auditOf([{ id: 'a', said: 'fail', severity: 'high', quoted: 'q' }])
  for (const { format } of FORMATS) {
    const text = await textOf(await reporterOf(format), document)
    expect(await textOf(await reporterOf(format), document)).toBe(text)
  }
})

it('gives the frameworks to formats that have a place for them', async () => {
  await using document = await auditOf([{ id: 'a', said: 'fail', severity: 'high', quoted: 'q' }])
  expect(await textOf(await reporterOf('markdown', { frameworks: [nist80053] }), document)).toContain('CP-9')
})

it('suggests the nearest of names that it does not know', async () => {
  await expect(reporterOf('markdwon')).rejects.toMatchObject({
    code: 'invalid-config',
    message: expect.stringMatching(
      /^There is no report format "markdwon"\. Did you mean markdown\? Formats: terminal, /,
    ),
  })
  await expect(reporterOf('toString')).rejects.toMatchObject({ code: 'invalid-config' })
})
