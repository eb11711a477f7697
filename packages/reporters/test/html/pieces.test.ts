import { expect, it } from 'vitest'
import { html, markupText } from '../../src/html/markup.js'
import { withCode } from '../../src/html/pieces.js'

it.each([
  [
    'add `- file: a.json` as `x > a.json` writes it',
    'add <code>- file: a.json</code> as <code>x &gt; a.json</code> writes it',
  ],
  ['grant `<b>` and `x', 'grant `&lt;b&gt;` and `x'],
  ['run again later', 'run again later'],
])('code stands in its own element, and nothing else is markup: %s', (sentence, expected) => {
  expect(markupText(html`${withCode(sentence)}`)).toBe(expected)
})
