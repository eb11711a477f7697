import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { repository } from './import-graph.js'

const read = (path: string): string => readFileSync(join(repository, path), 'utf8')
const markdownIn = (folder: string): string[] =>
  readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.startsWith('api/'))
    .map((file) => join(folder, file))

const docs = markdownIn('docs')
const pages = [
  ...docs,
  ...readdirSync(repository).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(repository, 'packages')).map((name) => `packages/${name}/README.md`),
]

/** Paths that a page links to, relative to the repository. */
const linksOf = (page: string): string[] =>
  [...read(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!.replace(/#.*$/, ''))
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
    .map((link) => normalize(join(dirname(page), link)))

describe('documentation', () => {
  it('links only to what is there', () => {
    const dead = pages.flatMap((page) =>
      linksOf(page)
        .filter((path) => !existsSync(join(repository, path)))
        .map((path) => `${page} -> ${path}`),
    )
    expect(pages.flatMap(linksOf).length).toBeGreaterThan(20)
    expect(dead).toEqual([])
  })

  it('can be reached from docs/README.md', () => {
    const reached = new Set(['docs/README.md'])
    for (const page of reached) {
      for (const link of linksOf(page)) if (docs.includes(link)) reached.add(link)
    }
    expect(docs.filter((page) => !reached.has(page))).toEqual([])
  })

  it('of packages links to nothing that a published package does not have', () => {
    const outside = pages
      .filter((page) => page.startsWith('packages/'))
      .flatMap((page) => linksOf(page).filter((path) => relative(dirname(page), path).startsWith('..')))
    expect(outside).toEqual([])
  })
})

describe('the guide for authors of providers', () => {
  it('names exports of the room that object stores share, which are there', async () => {
    const guide = read('docs/guides/write-a-provider.md')
    const section = guide.slice(guide.indexOf('## If it is an object store'), guide.indexOf('## Prove it'))
    const cells = [...section.matchAll(/^\| (`.+?) \|/gm)].map((match) => match[1]!)
    const imported = /import \{ (.+?) \} from '@backproof\/core\/object-store'/.exec(section)?.[1] ?? ''
    const named = [...cells.join().matchAll(/`(\w+)`/g)].map((match) => match[1]!).concat(imported.split(', '))
    const room = await import('@backproof/core/object-store')
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((name) => !Object.hasOwn(room, name))).toEqual([])
  })
})

describe('a decision', () => {
  const decisions = docs.filter((page) => /^docs\/decisions\/\d/.test(page)).sort()

  it('has its number, a status and the three headings, and stands in the index', () => {
    const index = read('docs/decisions/README.md')
    expect(decisions.length).toBeGreaterThan(5)
    decisions.forEach((page, i) => {
      const text = read(page)
      expect(page).toContain(`docs/decisions/${String(i + 1).padStart(4, '0')}-`)
      expect(text, page).toMatch(new RegExp(`^# ${i + 1}\\. .+\\n\\nStatus: (accepted|superseded by \\d+)\\n`))
      expect(text.match(/^## .*$/gm), page).toEqual(['## Why', '## Decision', '## Cost'])
      expect(index).toContain(`(${page.replace('docs/decisions/', '')})`)
    })
  })
})
