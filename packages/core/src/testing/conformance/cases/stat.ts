import { inspect } from 'node:util'
import type { CaseDefinition } from '../case-definition.js'
import { check, checkFails, shown } from '../check.js'
import { checkJson } from '../check-entries.js'
import { all, canRemove, canReplace, hasBytes, randomAccess, readable } from '../conditions.js'
import { objectOf, sizedObjects } from '../content.js'
import { checkRead, entryFor, listAll } from '../reading.js'

const few = [objectOf('a'), objectOf('b/c')]

export const statCases: readonly CaseDefinition[] = [
  {
    name: 'stat-agrees',
    title: 'tells the same of an object in stat as in the listing',
    when: randomAccess,
    run: async ({ open }) => {
      const source = await open(sizedObjects())
      for (const entry of await listAll(source)) {
        const info = await source.stat(entry.ref)
        for (const member of ['key', 'kind', 'size', 'version', 'modified', 'linkTarget'] as const) {
          // What a listing does not know, stat may.
          const same = entry[member] === undefined || entry[member] === info[member]
          check(
            same,
            () => `${shown(entry.key)}: ${member} is ${entry[member]} in the listing, ${info[member]} in stat.`,
          )
        }
      }
    },
  },
  {
    name: 'stat-size',
    title: 'tells the exact size in stat',
    when: all(randomAccess, hasBytes),
    run: async ({ open }) => {
      const content = sizedObjects()
      const source = await open(content)
      const refs = new Map((await listAll(source)).map(({ key, ref }) => [key, ref]))
      for (const { key, bytes } of content) {
        const { size } = await source.stat(refs.get(key) ?? null)
        check(size === bytes.length, () => `stat tells ${size} bytes of ${shown(key)}; there are ${bytes.length}.`)
      }
    },
  },
  {
    name: 'stat-ref',
    title: 'gives a ref in stat that is plain JSON and opens the object',
    when: readable,
    run: async ({ open }) => {
      const source = await open(few)
      for (const object of few) {
        const { ref } = await source.stat((await entryFor(source, object.key)).ref)
        checkJson(ref, `The ref that stat gives of ${shown(object.key)}`)
        await checkRead(source, ref, object)
      }
    },
  },
  {
    name: 'stat-fresh-ref',
    title: 'gives a ref in stat that opens the present state of an object that was replaced',
    when: all(readable, canReplace),
    run: async ({ harness, open }) => {
      const source = await open(few)
      const { ref } = await entryFor(source, 'a')
      const bytes = Buffer.from('other bytes, and of another length')
      await harness.replace?.('a', bytes)
      const info = await source.stat(ref)
      check(info.size === bytes.length, () => `After a replacement, stat tells the old size ${info.size}.`)
      await checkRead(source, info.ref, { key: 'a', bytes })
    },
  },
  {
    name: 'stat-gone',
    title: 'rejects stat of an object that is gone with not-found',
    when: all(randomAccess, canRemove),
    run: async ({ harness, open }) => {
      const source = await open(few)
      const { ref } = await entryFor(source, 'a')
      await harness.remove?.('a')
      await checkFails(() => source.stat(ref), 'stat of an object that is gone', ['not-found'])
    },
  },
  {
    name: 'ref-foreign',
    title: 'rejects a ref that it never gave out with a BackupError',
    when: randomAccess,
    run: async ({ open }) => {
      const source = await open(few)
      for (const ref of [null, 0, '', [], { conformance: 'not a ref of this source' }]) {
        await checkFails(() => source.stat(ref), `stat of the foreign ref ${JSON.stringify(ref)}`)
        await checkFails(() => source.read(ref), `read of the foreign ref ${JSON.stringify(ref)}`)
      }
    },
  },
  {
    name: 'errors-secret-free',
    title: 'has no secret in its errors',
    when: all(randomAccess, (_, { secrets = [] }) => secrets.length > 0 || 'the harness names no secrets'),
    run: async ({ harness, open }) => {
      const source = await open(few)
      const foreign = { conformance: 'not a ref of this source' }
      const errors = [await checkFails(() => source.stat(foreign), 'stat of a foreign ref')]
      errors.push(await checkFails(() => source.read(foreign), 'read of a foreign ref'))
      if (harness.remove !== undefined) {
        const { ref } = await entryFor(source, 'a')
        await harness.remove('a')
        errors.push(await checkFails(() => source.stat(ref), 'stat of an object that is gone'))
      }
      for (const error of errors) {
        const text = inspect(error, { depth: 8 })
        const leak = harness.secrets?.some((secret) => text.includes(secret)) === true
        check(!leak, () => `The error of code ${error.code} holds a secret of the harness.`)
      }
    },
  },
]
