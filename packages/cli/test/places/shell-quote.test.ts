import { execFileSync } from 'node:child_process'
import { keyToBytes } from '@backproof/core/source'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { shellQuote } from '../../src/places/shell-quote.js'

const ask = (words: readonly string[]): Buffer =>
  execFileSync('bash', ['-c', `printf '%s\\0' ${words.join(' ')}`], { maxBuffer: 1e8 })

const expected = (texts: readonly string[]): Buffer =>
  Buffer.concat(texts.map((text) => Buffer.concat([keyToBytes(text), Buffer.of(0)])))

const HOSTILE = [
  'plain',
  'a b',
  "it's",
  '$(reboot)',
  '`x`',
  '-rf',
  'a\nb',
  '\u001b[2J',
  'back\\slash',
  '\udcff',
  "a'\n\\x",
  '\u202egnp',
  '!',
  '日本',
  '~',
  '*',
]

it('means exactly the text to bash', () => {
  expect(ask(HOSTILE.map(shellQuote)).equals(expected(HOSTILE))).toBe(true)
})

it('means exactly the text to bash, whatever it is', () => {
  const texts = fc.array(
    fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0') && text !== ''),
    { minLength: 1 },
  )
  fc.assert(
    fc.property(texts, (given) => {
      expect(ask(given.map(shellQuote)).equals(expected(given))).toBe(true)
    }),
    { numRuns: 60 },
  )
})

it('never writes a control character', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
  for (const text of HOSTILE) expect(shellQuote(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/)
})
