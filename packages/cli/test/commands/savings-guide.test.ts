import { expect, it } from 'vitest'
import { followGuide, readGuide } from '../support/guide.js'
import { temporaryDirectory } from '../support/tree.js'

it('the guide to what could be saved does what it says, from an empty folder on', async () => {
  const steps = await followGuide(readGuide('what-could-be-saved.md'), temporaryDirectory())
  expect(steps.map(({ code, shown }) => [code, shown])).toEqual([
    [0, false],
    [1, true],
    [0, true],
  ])
})
