import { expect, it } from 'vitest'
import { targetPhrase } from '../../src/model/target-phrase.js'

it.each([
  [{ target: { kind: 'asset', id: 'shop' }, subject: undefined }, 'asset shop'],
  [{ target: { kind: 'asset', id: 'shop', name: 'The shop' }, subject: 's3://copy/' }, 'asset shop (s3://copy/)'],
  [{ target: { kind: 'estate', id: 'estate' }, subject: undefined }, 'the estate'],
  [{ target: { kind: 'estate', id: 'estate' }, subject: 'owner\n' }, 'the estate (owner\\n)'],
  [{ target: { kind: 'ti\ngris', id: 'a\u001b' }, subject: undefined }, 'ti\\ngris a\\x1b'],
])('is the same in each run, and drives nothing: %j', (row, phrase) => {
  expect(targetPhrase(row)).toBe(phrase)
})
