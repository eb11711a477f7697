import fc from 'fast-check'
import markdownIt from 'markdown-it'
import { describe, expect, it } from 'vitest'
import { cell, code, prose } from '../../src/markdown/inline.js'
import { oneLine } from '../../src/text/one-line.js'
import { HOSTILE, hostileName } from '../support/hostile.js'
import { outsideCode, textContent } from '../support/rendered.js'

/** As trusting as a renderer can be: HTML as it is, links made of whatever looks like one. */
const renderer = markdownIt({ html: true, linkify: true })
const words = (text: string): string => text.replaceAll('`', '').replace(/\s+/g, ' ').trim()
const any = fc.oneof(hostileName, fc.string({ unit: 'binary' }))
const sentences = fc
  .array(fc.oneof(any, fc.constantFrom('the', 'replica', '(12)', '12.', '-', '`read`', '"a b"')), { maxLength: 6 })
  .map((pieces) => pieces.join(' '))

describe('code', () => {
  it('shows any text as it is, and nothing else comes of it', () => {
    fc.assert(
      fc.property(any, (text) => {
        const html = renderer.renderInline(code(text))
        expect(html).toMatch(/^<code>[^<]*<\/code>$|^\(empty\)$/)
        expect(textContent(html)).toBe(text === '' ? '(empty)' : oneLine(text))
      }),
    )
  })
})

describe('prose', () => {
  it('says the same words, and only code comes of them', () => {
    fc.assert(
      fc.property(sentences, (text) => {
        const html = renderer.render(`- x ${prose(text)}`)
        expect(html.replace(/<\/?(?:code|ul|li)>/g, '')).not.toMatch(/[<>]/)
        expect(words(textContent(html))).toBe(words(`x ${oneLine(text)}`))
        expect(outsideCode(html)).toMatch(/^[\p{L}\p{M}\p{N}\s,.;:()'’%–—…-]*$/u)
      }),
      { numRuns: 300 },
    )
  })

  it('begins no list, heading or rule at the start of a block', () => {
    for (const text of ['1. a', '2) a', '- a', '-', '---', '# a', '> a', '* a', '+ a', '===', '12.', '| a |'])
      expect(renderer.render(`- ${prose(text)}`)).toMatch(/^<ul>\n<li>(?!<[^c])[^\n]*<\/li>\n<\/ul>\n$/)
  })

  it('leaves sentences as they are, and takes names out of them', () => {
    expect(prose('1 of 7 checks fails (1 high); score 28.5 %.')).toBe('1 of 7 checks fails (1 high); score 28.5 %.')
    expect(prose('"a b.txt": the source (file:///srv) against it.')).toBe(
      '`"a b.txt"`: the source (`file:///srv`) against it.',
    )
    expect(prose('Match at grade `read`: both')).toBe('Match at grade `read`: both')
    expect(prose('as `backproof compare ... --json > nightly.json` writes it (12)')).toBe(
      'as `backproof compare ... --json > nightly.json` writes it (12)',
    )
    expect(prose('commit deadbeef of @octocat, #12')).toBe('commit `deadbeef` of `@octocat`, `#12`')
  })
})

describe('cell', () => {
  it('is one cell, whatever is in it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...HOSTILE), any), (text) => {
        const html = renderer.render(`|a|b|c|\n|---|---|---|\n| x | ${cell(code(text))} | ${cell(prose(text))} |\n`)
        expect(html.match(/<td>/g)).toHaveLength(3)
        expect(html.match(/<tr>/g)).toHaveLength(2)
      }),
    )
  })
})
