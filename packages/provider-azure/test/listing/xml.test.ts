import { describe, expect, it } from 'vitest'
import { type XmlReader, xmlReader } from '../../src/listing/xml.js'

/** All that is in a document: names, attributes `a` and texts, by the names of its elements (`list...` has elements). */
const read = (document: string): unknown => {
  const xml = xmlReader(document)
  const root = inside(xml, xml.child()!)
  expect(xml.child()).toBeUndefined()
  return root
}

const inside = (xml: XmlReader, name: string): unknown => {
  const attribute = xml.attribute('a')
  const shown = attribute === undefined ? name : `${name} a=${attribute}`
  if (!name.startsWith('list')) return [shown, xml.text()]
  const children: unknown[] = []
  for (let child = xml.child(); child !== undefined; child = xml.child()) children.push(inside(xml, child))
  return [shown, ...children]
}

describe('a document', () => {
  it.each([
    ['<list/>', ['list']],
    ['\ufeff<?xml version="1.0"?>\r\n<!-- no > -->\n<list\t></list >\n<!-- no -->\n', ['list']],
    [
      '<list> <x> a </x>\n<!-- <x>b</x> --><x/><x /><x></x></list>',
      ['list', ['x', ' a '], ['x', ''], ['x', ''], ['x', '']],
    ],
    ['<list><list><list/><x>y</x></list><list></list></list>', ['list', ['list', ['list'], ['x', 'y']], ['list']]],
    [`<x a="1" b = '2'>t</x>`, ['x a=1', 't']],
    [`<x b='">' a='"&#x41;>&amp;'/>`, ['x a="A>&', '']],
    ['<list a="outer"><x>t</x></list>', ['list a=outer', ['x', 't']]],
    ['<x>&lt;&gt;&amp;&quot;&apos;&#38;&#x26;&#X26;&amp;lt;</x>', ['x', `<>&"'&&&&lt;`]],
    [
      '<x>a\r\nb\rc&#xD;d&#13;&#10;\u0001\uffff&#x1;&#x10FFFF;</x>',
      ['x', 'a\nb\nc\rd\r\n\u0001\uffff\u0001\u{10ffff}'],
    ],
    ['<x>a<![CDATA[<b>&amp;]]]]>c<!-- d --><?e f?>]]</x>', ['x', 'a<b>&amp;]]c]]']],
    ['<x-._1é>t</x-._1é>', ['x-._1é', 't']],
  ])('is read: %j', (document, content) => {
    expect(read(document)).toEqual(content)
  })

  it('is read past what nobody wants', () => {
    const xml = xmlReader(
      '<list><a><b>&unknown; ]]&gt;<b/><!-- </a> --><![CDATA[</a>]]></b>text</a><a/><c>t</c></list>',
    )
    expect([xml.child(), xml.child()]).toEqual(['list', 'a'])
    xml.skip()
    expect(xml.child()).toBe('a')
    xml.skip()
    expect([xml.child(), xml.text(), xml.child(), xml.child()]).toEqual(['c', 't', undefined, undefined])
  })

  it.each([
    '',
    ' ',
    'text',
    '<',
    '<list',
    '<list>',
    '<list><x>',
    '<list><x>y',
    '<list></lis',
    '<list></list',
    '<list></list',
    '<list></lists>',
    '<list></list x>',
    '<list></ list>',
    '<list><x></list></x>',
    '<list>text</list>',
    '<list>&#32;</list>',
    '<list><![CDATA[ x]]></list>',
    '<list/>text',
    '<list/><list/>',
    '<list/></list>',
    '</list>',
    '<![CDATA[<list/>]]>',
    '<!DOCTYPE list><list/>',
    '<!DOCTYPE x [<!ENTITY e "text">]><x>&e;</x>',
    '<list><!-- --',
    '<list><!-- -- --></list>',
    '<list><!-- ->x</list><!-- -->',
    '<x><![CDATA[</x>',
    '<list><?x</list>',
    '<x><b/></x>',
    '<x>&</x>',
    '<x>a & b</x>',
    '<x>&nbsp;</x>',
    '<x>&#xD800;</x>',
    '<x>&#56320;</x>',
    '<x>&#x110000;</x>',
    '<x>&#;</x>',
    '<x>&#xZ;</x>',
    '<a:list/>',
    '<list><a:x/></list>',
    '< list/>',
    '<1/>',
    '<-/>',
    '<x"/>',
    '<list/ >',
    '<x a/>',
    '<x a=1/>',
    '<x a="1/>',
    '<x a="<"/>',
    '<x a="1"b="2"/>',
    '<x a="1" a="1"/>',
    '<x a="&b;"/>',
  ])('is refused: %j', (document) => {
    expect(() => read(document)).toThrow(SyntaxError)
  })
})
