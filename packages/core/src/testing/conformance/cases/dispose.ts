import type { CaseDefinition } from '../case-definition.js'
import { checkFails } from '../check.js'
import { offers } from '../conditions.js'
import { objectOf } from '../content.js'
import { entryFor } from '../reading.js'

const few = [objectOf('a'), objectOf('b/c')]

export const disposeCases: readonly CaseDefinition[] = [
  {
    name: 'dispose-ends',
    title: 'rejects every call after it was disposed of',
    when: offers('dispose'),
    run: async ({ traits, open, dispose }) => {
      const source = await open(few)
      const { ref } = await entryFor(source, 'a')
      await dispose(source)
      await checkFails(() => source.describe(), 'describe after disposing')
      await checkFails(() => source.list()[Symbol.asyncIterator]().next(), 'list after disposing')
      if (source.scan !== undefined) {
        const scan = source.scan.bind(source)
        await checkFails(() => scan()[Symbol.asyncIterator]().next(), 'scan after disposing')
      }
      if (traits.access === 'sequential') return
      await checkFails(() => source.stat(ref), 'stat after disposing')
      await checkFails(() => source.read(ref), 'read after disposing')
    },
  },
  {
    name: 'dispose-twice',
    title: 'can be disposed of twice',
    when: offers('dispose'),
    run: async ({ open, dispose }) => {
      const source = await open(few)
      await dispose(source)
      await dispose(source)
    },
  },
]
