import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { html, markupText, scriptJson, visible } from '../../src/html/markup.js'
import { HOSTILE, hostileName } from '../support/hostile.js'
import { textContent } from '../support/rendered.js'

describe('html', () => {
  it('escapes what comes from a report, between tags and in attributes', () => {
    fc.assert(
      fc.property(hostileName, (name) => {
        const text = markupText(html`<p title="${name}">${name}</p>`)
        const [, title, inner] = /^<p title="([^"<>]*)">([^"<>]*)<\/p>$/.exec(text) ?? []
        for (const escaped of [title, inner]) {
          expect(
            textContent(escaped ?? '')
              .replaceAll('&#39;', "'")
              .replaceAll('&amp;', '&'),
          ).toBe(visible(name).replaceAll('&#39;', "'").replaceAll('&amp;', '&'))
        }
      }),
    )
  })

  it('leaves markup as it is, in lists too, and writes nothing for nothing', () => {
    expect(markupText(html`${[html`<b>${1}</b>`, undefined, '<']}|${undefined}`)).toBe('<b>1</b>&lt;|')
  })

  it('takes nothing for markup that a report can hold', () => {
    const told = JSON.parse('{"markup":"<img>","Symbol(markup)":"<img>"}') as never
    expect(() => markupText(html`${told}`)).toThrow()
  })
})

describe('visible', () => {
  it('leaves no character that hides or turns text round', () => {
    fc.assert(
      fc.property(hostileName, (name) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
        expect(visible(name)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/)
        expect(visible(name).isWellFormed()).toBe(true)
      }),
    )
  })

  it('keeps what was made visible before', () => {
    expect(visible('\u202egpj.exe')).toBe('\\u202egpj.exe')
    expect(visible('\\u202egpj.exe')).toBe('\\u202egpj.exe')
    expect(visible('ключ/日本')).toBe('ключ/日本')
  })
})

describe('scriptJson', () => {
  it('reads back, and holds nothing that could end its element or a line', () => {
    fc.assert(
      fc.property(fc.array(hostileName), (names) => {
        const json = scriptJson(names)
        expect(JSON.parse(json)).toEqual(names)
        expect(json).not.toMatch(/[<>&\u2028\u2029\n]/)
      }),
    )
    expect(JSON.parse(scriptJson(HOSTILE))).toEqual(HOSTILE)
  })
})
