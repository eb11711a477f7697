import fc from 'fast-check'
import { XMLParser } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { xmlAttributes, xmlText } from '../../src/junit/xml.js'
import { HOSTILE, hostileName } from '../support/hostile.js'

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
})

/** What a reader sees of a text: what XML cannot have is escaped. */
const visible = (text: string): string =>
  Array.from({ length: text.length }, (_, i) => text[i]!)
    .map((unit, i) => {
      const code = unit.charCodeAt(0)
      const high = code >= 0xd800 && code <= 0xdbff
      const low = code >= 0xdc00 && code <= 0xdfff
      const paired = high ? /[\udc00-\udfff]/.test(text[i + 1] ?? '') : low && /[\ud800-\udbff]/.test(text[i - 1] ?? '')
      const control = code < 0x20 || (code >= 0x7f && code < 0xa0) || code >= 0xfffe
      return control || ((high || low) && !paired) ? `\\u${code.toString(16).padStart(4, '0')}` : unit
    })
    .join('')

describe('text in XML', () => {
  it('is read as it was, with what XML cannot have made visible', () => {
    fc.assert(
      fc.property(hostileName, (text) => {
        const parsed = parser.parse(`<a${xmlAttributes({ b: text })}>${xmlText(text)}|</a>`) as {
          a: { b: string; '#text': string }
        }
        expect(parsed.a).toEqual({ b: visible(text), '#text': `${visible(text)}|` })
      }),
    )
  })

  it('is well-formed to libxml2', async () => {
    const texts = [...HOSTILE, ...fc.sample(fc.string({ unit: 'binary' }), 500)]
    const contents = `<a>${texts.map((text) => `<b${xmlAttributes({ c: text })}>${xmlText(text)}</b>`).join('')}</a>`
    const schema = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"/></xs:schema>'
    expect(await validateXML({ xml: [{ fileName: 'a.xml', contents }], schema })).toMatchObject({
      errors: [],
      valid: true,
    })
  })

  it('leaves out attributes that are not there', () => {
    expect(xmlAttributes({ a: undefined, b: 0, c: '' })).toBe(' b="0" c=""')
  })
})
