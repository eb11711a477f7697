import { describe, expect, it } from 'vitest'
import type { Values } from '../../src/args/parse.js'
import { reportChoices } from '../../src/args/report-choices.js'

const chosen = (values: Values): (readonly [string, string])[] =>
  reportChoices(values).map(({ format, path }) => [format.format, path] as const)

describe('--report', () => {
  it('names a format and a file, which may hold an equals sign, or be standard output', () => {
    expect(chosen({ report: ['html=r.html', 'csv=a=b.csv', 'junit=-'] })).toEqual([
      ['html', 'r.html'],
      ['csv', 'a=b.csv'],
      ['junit', '-'],
    ])
    expect(chosen({})).toEqual([])
  })

  it.each<[string, Values, string]>([
    ['an unknown format', { report: ['junt=x'] }, 'does not know the format "junt"\nDid you mean junit? Formats: '],
    ['a format of every object', { report: ['toString=x'] }, 'does not know the format "toString"'],
    ['a format without a file', { report: ['csv'] }, 'csv names no file'],
    ['an empty file', { report: ['csv='] }, 'csv names no file'],
    ['nothing', { report: [''] }, '--report is empty'],
    ['one file twice', { report: ['csv=x', 'html=./x'] }, 'two reports would go to ./x'],
    ['the file of the rows', { report: ['ndjson=x'], ndjson: 'x' }, 'two reports would go to x'],
    ['standard output twice', { report: ['csv=-', 'html=-'] }, 'two reports would go to standard output'],
    ['standard output beside JSON', { report: ['csv=-'], json: true }, '--json exclude each other'],
    ['standard output beside all rows', { report: ['csv=-'], show: 'all' }, '--show exclude each other'],
    ['one key', { report: ['csv=x'], explain: 'k' }, '--explain exclude each other'],
  ])('refuses %s', (_, values, why) => {
    expect(() => reportChoices(values)).toThrow(why)
  })

  it('goes with --json, --quiet and rows on file', () => {
    expect(chosen({ report: ['csv=x'], json: true, ndjson: 'y' })).toHaveLength(1)
    expect(chosen({ report: ['csv=-'], quiet: true, show: 'failing' })).toHaveLength(1)
  })
})
