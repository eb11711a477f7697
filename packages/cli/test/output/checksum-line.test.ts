import { expect, it } from 'vitest'
import { checksumLine, needsTag } from '../../src/output/checksum-line.js'

const line = (name: string, options: { tag?: boolean; forPeople?: boolean } = {}): string =>
  Buffer.from(
    checksumLine({
      name,
      algorithm: 'sha256',
      digest: 'abc',
      tag: options.tag ?? false,
      forPeople: options.forPeople ?? false,
    }),
  ).toString('latin1')

it('writes names as sha256sum does', () => {
  expect(line('a b')).toBe('abc  a b\n')
  expect(line('a\nb\\c\r')).toBe('\\abc  a\\nb\\\\c\\r\n')
  expect(line('a\nb', { tag: true })).toBe('\\SHA256 (a\\nb) = abc\n')
  // A byte that is not UTF-8 stays the byte it is.
  expect(line('\udcff')).toBe('abc  \xff\n')
  expect(line('\u001b[2J')).toBe('abc  \u001b[2J\n')
})

it('escapes names for people', () => {
  expect(line('\u001b[2J\udcff', { forPeople: true })).toBe('abc  \\x1b[2J\\xff\n')
})

it('tags what plain lines could not tell apart', () => {
  expect(needsTag(['sha256'])).toBe(false)
  // 64 digits, as sha256: a reader would take one for the other.
  expect(needsTag(['blake3'])).toBe(true)
  expect(needsTag(['sha256', 'md5'])).toBe(true)
})
