import { fileURLToPath } from 'node:url'
import { fileUri, keyFromPath, type PathPlatform, pathFromFileUri, pathFromKey } from '@backproof/provider-local'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const refused = expect.objectContaining({ code: 'invalid-config' })
const platforms: readonly PathPlatform[] = ['linux', 'darwin', 'win32']

describe('keyFromPath', () => {
  it.each<[string, PathPlatform, string]>([
    ['a/b.txt', 'linux', 'a/b.txt'],
    ['./a//b/./c/', 'linux', 'a/b/c'],
    ['a\\b', 'linux', 'a\\b'],
    ['C:\\x', 'linux', 'C:\\x'],
    ['raw\udcff', 'linux', 'raw\udcff'],
    ['e\u0301:x', 'darwin', 'e\u0301:x'],
    ['a\\b\\c.txt', 'win32', 'a/b/c.txt'],
    ['.\\a/b\\\\c', 'win32', 'a/b/c'],
    ['caf\u00e9\\\u{1f600}', 'win32', 'caf\u00e9/\u{1f600}'],
  ])('%j on %s is %j', (path, platform, key) => {
    expect(keyFromPath(path, platform)).toBe(key)
  })

  it.each<[string, PathPlatform]>([
    ['', 'linux'],
    ['.', 'linux'],
    ['./', 'darwin'],
    ['/etc/passwd', 'linux'],
    ['a/../b', 'linux'],
    ['..', 'darwin'],
    ['a\0b', 'linux'],
    ['C:\\a', 'win32'],
    ['C:a', 'win32'],
    ['\\a', 'win32'],
    ['\\\\server\\share\\a', 'win32'],
    ['\\\\?\\C:\\a', 'win32'],
    ['a\\..\\b', 'win32'],
    ['a\ud800', 'win32'],
  ])('refuses %j on %s', (path, platform) => {
    expect(() => keyFromPath(path, platform)).toThrow(refused)
  })
})

describe('pathFromKey', () => {
  it.each<[string, PathPlatform, string]>([
    ['a/b', 'linux', 'a/b'],
    ['a\\b', 'linux', 'a\\b'],
    ['con/aux.txt ', 'linux', 'con/aux.txt '],
    ['raw\udcff', 'linux', 'raw\udcff'],
    ['a:b', 'darwin', 'a:b'],
    ['a/b.txt', 'win32', 'a\\b.txt'],
    ['console/comb/com10/nul1', 'win32', 'console\\comb\\com10\\nul1'],
    ['.hidden/..x', 'win32', '.hidden\\..x'],
  ])('%j on %s is %j', (key, platform, path) => {
    expect(pathFromKey(key, platform)).toBe(path)
  })

  it.each(
    platforms.flatMap((platform) =>
      ['', '/a', 'a/', 'a//b', '..', 'a/../b', '.', 'a/./b', 'a\0'].map((key) => [key, platform] as const),
    ),
  )('refuses %j on %s', (key, platform) => {
    expect(() => pathFromKey(key, platform)).toThrow(refused)
  })

  it.each([
    'CON',
    'a/nul',
    'aux.txt',
    'Com1',
    'lpt9.log',
    'COM\u00b9',
    'conin$',
    'nul .txt',
    'a\\b',
    '..\\x',
    'a:stream',
    'C:',
    'a?',
    'a*',
    'a"b',
    '<',
    '|',
    'x\n',
    'end.',
    'end ',
    'a./b',
    'raw\udcff',
  ])('refuses %j on win32', (key) => {
    expect(() => pathFromKey(key, 'win32')).toThrow(refused)
  })

  it('refuses bytes that are not UTF-8 on darwin', () => {
    expect(() => pathFromKey('raw\udcff', 'darwin')).toThrow(refused)
  })

  it('property: what it gives comes back as the same key and never leads out', () => {
    const unit = fc.constantFrom(
      'a',
      '.',
      '/',
      '\\',
      ':',
      ' ',
      '\u00e9',
      '\u{1f600}',
      '\udcff',
      'c',
      'o',
      'n',
      '\0',
      '?',
    )
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 8 }), fc.constantFrom(...platforms), (key, platform) => {
        let path: string
        try {
          path = pathFromKey(key, platform)
        } catch (error) {
          expect(error).toEqual(refused)
          return
        }
        expect(keyFromPath(path, platform)).toBe(key)
        expect(path.split(platform === 'win32' ? /[\\/]/ : '/')).not.toContain('..')
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('file URIs', () => {
  it.each<[string, PathPlatform, string]>([
    ['/', 'linux', 'file:///'],
    ['/srv/shop', 'linux', 'file:///srv/shop'],
    ['/srv/shop/', 'linux', 'file:///srv/shop'],
    ['/a b/%41?#\\\n', 'linux', 'file:///a%20b/%2541%3F%23%5C%0A'],
    ['/\u00e9\u{1f600}', 'linux', 'file:///%C3%A9%F0%9F%98%80'],
    ['/raw\udcff', 'linux', 'file:///raw%FF'],
    ['C:\\', 'win32', 'file:///C:/'],
    ['C:\\Users\\a b', 'win32', 'file:///C:/Users/a%20b'],
    ['\\\\?\\C:\\deep\\path', 'win32', 'file:///C:/deep/path'],
    ['\\\\Server\\share\\x', 'win32', 'file://server/share/x'],
    ['\\\\?\\UNC\\server\\share\\x', 'win32', 'file://server/share/x'],
  ])('%j on %s is %s', (path, platform, uri) => {
    expect(fileUri(path, platform)).toBe(uri)
  })

  it.each<[string, PathPlatform]>([
    ['relative', 'linux'],
    ['relative\\x', 'win32'],
    ['C:relative', 'win32'],
    ['\\\\.\\PhysicalDrive0', 'win32'],
    ['\\\\server', 'win32'],
  ])('cannot be made of %j on %s', (path, platform) => {
    expect(() => fileUri(path, platform)).toThrow(refused)
  })

  it.each<[string, PathPlatform, string]>([
    ['file:///srv/a%20b', 'linux', '/srv/a b'],
    ['file:/srv', 'linux', '/srv'],
    ['FILE://localhost/srv', 'linux', '/srv'],
    ['file:///raw%ff', 'linux', '/raw\udcff'],
    ['file:///C:/a%20b', 'win32', 'C:\\a b'],
    ['file:///C:', 'win32', 'C:\\'],
    ['file://server/share/x', 'win32', '\\\\server\\share\\x'],
  ])('%s on %s is %j', (uri, platform, path) => {
    expect(pathFromFileUri(uri, platform)).toBe(path)
  })

  it.each<[string, PathPlatform]>([
    ['file:relative', 'linux'],
    ['file://server/share', 'linux'],
    ['s3://bucket', 'linux'],
    ['file:///a?b', 'linux'],
    ['file:///a#b', 'linux'],
    ['file:///a%2', 'linux'],
    ['file:///a%zz', 'linux'],
    ['file:///a%00', 'linux'],
    ['file:///a%2fb', 'linux'],
    ['file:///a%5Cb', 'win32'],
    ['file:///no-drive', 'win32'],
    ['file:', 'linux'],
    ['', 'linux'],
  ])('refuses %j on %s', (uri, platform) => {
    expect(() => pathFromFileUri(uri, platform)).toThrow(refused)
  })

  it('property: come back as the path, and Node reads the same path from them', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      fc.constantFrom('/', '%', '?', '#', ' ', '\\', '\udcff'),
    )
    const name = fc
      .string({ unit, minLength: 1, maxLength: 12 })
      .filter((text) => !text.includes('\0') && !/[\ud800-\udbff](?![\udc00-\udfff])/.test(text))
    fc.assert(
      fc.property(name, (text) => {
        const path = `/x${text}`.replace(/\/+$/, '')
        const uri = fileUri(path, 'linux')
        expect(pathFromFileUri(uri, 'linux')).toBe(path)
        if (path.isWellFormed() && !/\/\.{1,2}(?:\/|$)/.test(path)) expect(fileURLToPath(uri)).toBe(path)
      }),
      { numRuns: 500 },
    )
  })
})
