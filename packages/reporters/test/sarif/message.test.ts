import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { message } from '../../src/sarif/message.js'
import { hostileName } from '../support/hostile.js'

describe('a message', () => {
  it('ends with one full stop', () => {
    expect(message('a').text).toBe('a.')
    expect(message('a.').text).toBe('a.')
    expect(message('a?').text).toBe('a?')
  })

  it('has neither placeholders nor links, whatever it quotes', () => {
    expect(message('{0} [a](1) }').text).toBe('{{0}} [a]\\x281) }}.')
    fc.assert(
      fc.property(
        fc.array(fc.oneof(hostileName, fc.constantFrom('{', '}', '{0}', '[', ']', '(', ')', '\\'))),
        (parts) => {
          const { text } = message(parts.join(''))
          expect(text.replaceAll('{{', '').replaceAll('}}', '')).not.toMatch(/[{}]/)
          expect(text).not.toMatch(/\]\(/)
          expect(text).not.toMatch(/\p{Cc}/u)
        },
      ),
    )
  })
})
