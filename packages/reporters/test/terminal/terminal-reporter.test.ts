import { expect, it } from 'vitest'
import { terminalReporter } from '../../src/index.js'
import { auditOf } from '../support/audits.js'
import { HOSTILE } from '../support/hostile.js'
import { comparison, STATES } from '../support/proofs.js'
import { textOf } from '../support/text-of.js'

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/

it('nothing that it quotes drives a terminal', async () => {
  await using audited = await auditOf(
    HOSTILE.map((name, i) => ({ id: `${i} ${name}`, said: 'waived', severity: 'low', quoted: name })),
  )
  await using compared = await comparison(HOSTILE.map((name, i) => [`${i} ${name}`, STATES[i % STATES.length]!]))
  for (const document of [audited, compared]) expect(await textOf(terminalReporter(), document)).not.toMatch(CONTROLS)
})

it('names the places by their URIs, or as the host does, and what the host would do next', async () => {
  await using document = await comparison([
    ['a', 'gone'],
    ['b', 'gone'],
  ])
  const plain = await textOf(terminalReporter(), document)
  expect(plain).toMatch(/^A {2}memory:\/\/shop\nB {2}memory:\/\/copy\nC {2}memory:\/\/<b>/)
  expect(plain).not.toContain('next:')
  const parties = { source: { given: '/srv' }, replicas: [{ given: '/mnt' }, { given: '/tape' }] }
  const told = await textOf(
    terminalReporter({ parties, next: ({ key }) => `look at ${key}`, shown: 1, more: 'ask', hints: () => ['a hint'] }),
    document,
  )
  expect(told).toMatch(
    /^A {2}\/srv\nB {2}\/mnt\nC {2}\/tape\n\nmissing +B {2}a +not in B\n +next: look at a\na hint\n… and 1 more: ask\n/,
  )
})

it('says which extra objects the run allows', async () => {
  await using document = await comparison([['new', 'extra']], { extras: 'allow' })
  expect(await textOf(terminalReporter(), document)).toMatch(/^0 match · 2? ?1 extra \(allowed\)$/m)
})
