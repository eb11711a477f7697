import { nist80053 } from '@backproof/core/audit'
import { expect, it } from 'vitest'
import { BEGINNING, FORMATS, type Reporter, reporterOf } from '../src/index.js'
import { auditOf } from './support/audits.js'
import { samples } from './support/samples.js'
import { textOf } from './support/text-of.js'

it.each(FORMATS.map(({ format }) => format))('%s is made by its name, and says it', async (format) => {
  const reporter = await reporterOf(format)
  expect(reporter.format).toBe(format)
  expect(reporter.mediaType).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/)
  expect(reporter.extension).toMatch(/^[a-z]+$/)
  const { from, factory } = FORMATS.find((one) => one.format === format)!
  expect(((await import(from)) as Record<string, () => Reporter>)[factory]!().format).toBe(format)
})

it('is known again by how its files begin, and takes no other file for one', async () => {
  await using all = await samples()
  await using fine = await auditOf([{ id: 'a', said: 'pass', severity: 'low', quoted: 'q' }])
  const others = [
    'schema: backproof.policy/v1\nassets: [{ id: shop }]\n',
    '{"schema":"backproof.history/v1","history":"job.runs"}\n',
    `${'0'.repeat(64)}  a.txt\n`,
    '# Notes\n',
    '<!doctype html>\n<html>\n',
    '{\n  "name": "shop"\n}\n',
    'a,b\n1,2\n',
    'x',
  ]
  for (const { format, begins } of FORMATS) {
    for (const document of [...all.all, fine])
      for (const frameworks of [[], [nist80053]]) {
        const text = await textOf(await reporterOf(format, { frameworks }), document)
        if (text !== '') expect(text.slice(0, BEGINNING)).toMatch(begins)
      }
    for (const text of others) expect(text).not.toMatch(begins)
  }
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
