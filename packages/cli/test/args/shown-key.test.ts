import { escapeKey } from '@backproof/core/source'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { keyFromShown } from '../../src/args/shown-key.js'

it.each([
  ['plain/key.txt', 'plain/key.txt'],
  ['new\\nline', 'new\nline'],
  ['\\x1b[2J', '\u001b[2J'],
  ['gnp\\u202etxt', 'gnp\u202etxt'],
  ['back\\\\slash', 'back\\slash'],
  ['back\\\\nslash', 'back\\nslash'],
  ['bad\\xff', 'bad\udcff'],
  ['C:\\Data\\q', 'C:\\Data\\q'],
])('%s is read back', (shown, key) => {
  expect(keyFromShown(shown)).toBe(key)
})

it('reads back every key that a report shows', () => {
  // U+0080 to U+009F and U+00AD are shown like bytes that are no UTF-8, which are more frequent in names.
  const unit = fc.integer({ min: 0, max: 0xffff }).filter((code) => !(code >= 0x80 && code < 0xa0) && code !== 0xad)
  fc.assert(
    fc.property(fc.array(fc.oneof(unit, fc.constantFrom(0x5c, 0x6e, 0x78, 0xdcff))), (units) => {
      const key = String.fromCharCode(...units)
      expect(keyFromShown(escapeKey(key))).toBe(key)
    }),
  )
})
