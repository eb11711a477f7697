import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from '../src/args/parse.js'
import { plainOptions } from '../src/args/policy.js'
import { COMMANDS } from '../src/commands.js'
import { LIST_WORDS, listPlace } from '../src/places/list-place.js'

const root = join(import.meta.dirname, '../../..')
const guides = readdirSync(join(root, 'docs/guides')).map((name) => `docs/guides/${name}`)
const pages = ['README.md', 'packages/cli/README.md', ...guides]

interface Shown {
  readonly page: string
  readonly words: readonly string[]
}

/** The commands in the shell blocks of a page, without what a shell does with their output. */
const commandsOf = (page: string): readonly Shown[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```sh\n(.*?)^```/gms)]
    .flatMap(([, block]) => block!.replaceAll('\\\n', ' ').split('\n'))
    .filter((line) => line.startsWith('backproof '))
    .map((line) => {
      const [command] = line.split(/\s(?:#|\||>|&&|;|\|\|)/)
      const words = command!.match(/(?:'[^']*'|[^\s'])+/g)!.map((word) => word.replaceAll("'", ''))
      return { page, words: words.slice(1) }
    })

const shown = pages.flatMap(commandsOf)

describe('the commands that guides show', () => {
  it('are many', () => {
    expect(shown.length).toBeGreaterThan(40)
  })

  it('have no option and no value that is refused', async () => {
    for (const { page, words } of shown) {
      const [name, ...args] = words
      const entry = COMMANDS.find((one) => one.name === name)
      if (name === 'help' || name === '--version') continue
      expect(entry, `${page}: backproof ${words.join(' ')}`).toBeDefined()
      const { spec } = await entry!.load()
      const where = `${page}: backproof ${words.join(' ')}`
      expect(() => {
        const { values } = parse(spec, args)
        // The file is not there.
        if (name === 'compare' || name === 'verify') plainOptions({ ...values, prices: undefined })
      }, where).not.toThrow()
    }
  })

  it('name lists by words that are known', async () => {
    const places = shown.flatMap(({ words }) =>
      words.filter((word) => /^[a-z0-9-]+-(?:inventory|list|report|insights):/.test(word)),
    )
    expect(places.length).toBeGreaterThanOrEqual(5)
    for (const place of places)
      expect(
        await listPlace(place, { cwd: '/', providers: [] }, async (uri) => ({
          kind: 'directory',
          given: uri,
          path: '/',
        })),
        place,
      ).toBeDefined()
  })
})

it('every word in front of a list is in the guide to inventories', () => {
  const guide = readFileSync(join(root, 'docs/guides/inventories.md'), 'utf8')
  for (const word of LIST_WORDS) expect(guide).toContain(`| \`${word}:\` |`)
})
