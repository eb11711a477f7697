import { keyToBytes } from '@backproof/core/source'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileUri, locationOf } from '../../src/sarif/location.js'
import { hostileName } from '../support/hostile.js'

describe('a file as a URI', () => {
  it.each([
    ['policy.yaml', 'policy.yaml'],
    ['ops/my policy.yaml', 'ops/my%20policy.yaml'],
    ['../a:b.yaml', '../a%3Ab.yaml'],
    ['/srv/a#b?.yaml', 'file:///srv/a%23b%3F.yaml'],
    ['C:\\ops\\a b.yaml', 'file:///C:/ops/a%20b.yaml'],
    ['a\\b', 'a%5Cb'],
    ['x\udcff', 'x%FF'],
    ['ключ', '%D0%BA%D0%BB%D1%8E%D1%87'],
  ])('%j is %s', (path, uri) => {
    expect(fileUri(path)).toBe(uri)
  })

  it('stays one path, whatever the name, and gives its bytes back', () => {
    fc.assert(
      fc.property(hostileName, (name) => {
        const uri = fileUri(`x${name}`)
        const bytes = uri.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
        expect(Buffer.from(bytes, 'latin1').equals(Buffer.from(keyToBytes(`x${name}`)))).toBe(true)
        expect(uri).toMatch(/^[A-Za-z0-9._~%/-]*$/)
      }),
    )
  })
})

it('a line that cannot be is left out', () => {
  const target = { kind: 'asset', id: 'a' }
  expect(locationOf({ target, location: { file: 'a', line: 0 }, subject: undefined }, undefined)).toEqual({
    physicalLocation: { artifactLocation: { uri: 'a' } },
    logicalLocations: [{ name: 'a', fullyQualifiedName: 'asset/a', kind: 'asset' }],
  })
})
