import { describe, expect, it } from 'vitest'
import { optionsSchema, resolveOptions, textsOption } from '../../src/audit/index.js'

const options = {
  hours: textsOption({
    default: [],
    pattern: '^[0-2][0-9]$',
    form: 'such as 07 or 22',
    source: 'test',
    description: 'Hours of the day.',
  }),
  names: textsOption({ default: ['a'], source: 'test', description: 'Any names.' }),
}

describe('options that are texts', () => {
  it('take any text, or those that match a pattern', () => {
    expect(resolveOptions('rule', options, { names: ['', '?'] })).toEqual({ hours: [], names: ['', '?'] })
    expect(resolveOptions('rule', options, { hours: ['07', '22'] })).toEqual({ hours: ['07', '22'], names: ['a'] })
  })

  it('say which texts were expected', () => {
    for (const hours of [['07', '7'], ['07\n'], [7], '07'])
      expect(() => resolveOptions('rule', options, { hours })).toThrow('must be a list of texts such as 07 or 22.')
    expect(() => resolveOptions('rule', options, { names: [7] })).toThrow('must be a list of texts.')
  })

  it('tell the pattern to editors', () => {
    expect(optionsSchema(options)).toMatchObject({
      properties: {
        hours: { type: 'array', items: { type: 'string', pattern: '^[0-2][0-9]$' } },
        names: { type: 'array', items: { type: 'string' } },
      },
    })
  })
})
