import { describe, expect, it } from 'vitest'
import { jsonManifest, keyBeside } from '../../src/inventory/index.js'
import { digestOf, filesOf } from './support.js'

const read = async (text: string, md5?: string): Promise<unknown> => {
  const files = filesOf({ 'manifest.json': text })
  const expected = md5 === undefined ? undefined : { digest: { algorithm: 'md5' as const, value: md5 } }
  return jsonManifest(files, await files.get(['manifest.json']), expected)
}

describe('a manifest in JSON', () => {
  it('is an object, and the one that was expected', async () => {
    expect(await read('{"a":[1]}', await digestOf('md5', '{"a":[1]}'))).toEqual({ a: [1] })
    await expect(read('{"a":[2]}', await digestOf('md5', '{"a":[1]}'))).rejects.toMatchObject({ code: 'corrupt' })
  })

  it.each(['', '[]', 'null', '{"a":1', '"a"'])('%j is none', async (text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'corrupt', subject: 'manifest.json' })
  })

  it('has its files beside it, where they were copied without their folders', () => {
    expect(keyBeside('copy/manifest.json', '2026/11/01/rows.csv')).toBe('copy/rows.csv')
    expect(keyBeside('manifest.json', 'rows.csv')).toBe('rows.csv')
  })
})
