import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ruleTester } from '@backproof/core/testing'
import { expect, it } from 'vitest'
import { repository } from '../../import-graph.js'
import { testOf } from './right-rule.js'

it('the guide for authors of rules names every check, in order', () => {
  const guide = readFileSync(join(repository, 'docs/guides/write-a-rule.md'), 'utf8')
  const table = guide.slice(guide.indexOf('| check |'), guide.indexOf('### Pure'))
  const rows = [...table.matchAll(/^\| `(.+?)` \| (.+?) \|$/gm)].map(([, name, title]) => ({ name, title }))
  expect(rows).toEqual(ruleTester(testOf()).checks.map(({ name, title }) => ({ name, title })))
})
