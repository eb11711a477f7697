import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findCycle, reachedFrom, readImportGraph, repository } from './import-graph.js'

const graph = readImportGraph()
const files = [...graph.values()]
const page = readFileSync(join(repository, 'docs/architecture.md'), 'utf8')
const packages = readdirSync(join(repository, 'packages'))
const shortName = (specifier: string): string | undefined => /^@backproof\/([^/]+)/.exec(specifier)?.[1]

/** What a package may import of ours. */
const allowed = (name: string): readonly string[] => {
  if (name === 'core') return []
  if (name.startsWith('provider-') || name === 'rules' || name === 'reporters') return ['core']
  if (name === 'cli') return packages.filter((other) => other !== 'cli' && other !== 'test-servers')
  return packages
}

describe('the architecture page', () => {
  const named = new Set([...page.matchAll(/`(packages\/[a-z0-9/-]+?)\/?`/g)].map((match) => match[1]!))

  it('names every package, and every folder directly in its sources', () => {
    const folders = packages.flatMap((name) => {
      const sources = join(repository, 'packages', name, 'src')
      const rooms = existsSync(sources)
        ? readdirSync(sources, { withFileTypes: true }).filter((entry) => entry.isDirectory())
        : []
      return [`packages/${name}`, ...rooms.map((room) => `packages/${name}/src/${room.name}`)]
    })
    expect(folders.filter((folder) => !named.has(folder))).toEqual([])
  })

  it('names no folder that is not there', () => {
    expect([...named].filter((folder) => !existsSync(join(repository, folder)))).toEqual([])
  })
})

describe('imports', () => {
  it('resolve to files, so that the checks below see the whole graph', () => {
    const targets = files.flatMap((file) => file.imports.map((one) => ({ from: file.path, ...one })))
    const ours = targets.filter((one) => one.specifier.startsWith('.') || shortName(one.specifier) !== undefined)
    expect(ours.length).toBeGreaterThan(20)
    expect(ours.filter((one) => one.file === undefined || !graph.has(one.file))).toEqual([])
  })

  it('follow the direction cli -> reporters, rules, providers -> core', () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .filter((one) => {
          const target = shortName(one.specifier)
          return target !== undefined && !allowed(file.package).includes(target)
        })
        .map((one) => `${file.path} imports ${one.specifier}`),
    )
    expect(wrong).toEqual([])
  })

  it('reach other packages only by name', () => {
    const crossing = files.flatMap((file) =>
      file.imports
        .filter(
          (one) => one.specifier.startsWith('.') && one.file?.startsWith(`packages/${file.package}/src/`) !== true,
        )
        .map((one) => `${file.path} imports ${one.specifier}`),
    )
    expect(crossing).toEqual([])
  })

  it('have no circles', () => {
    expect(findCycle(graph)).toBeUndefined()
  })

  it('of the audit room never reach the digest room', () => {
    const start = files.map((file) => file.path).filter((path) => path.startsWith('packages/core/src/audit/'))
    expect(start.length).toBeGreaterThan(0)
    const reached = [...reachedFrom(graph, start)]
    expect(reached.filter(([path]) => path.startsWith('packages/core/src/digest/')).map(([, way]) => way)).toEqual([])
  })

  it('of hash-wasm are on demand: it costs 212 kB', () => {
    const wasm = files.flatMap((file) => file.imports.filter((one) => one.specifier.startsWith('hash-wasm')))
    expect(wasm.length).toBeGreaterThan(0)
    expect(wasm.filter((one) => !one.dynamic)).toEqual([])
  })
})

describe('an index.ts', () => {
  const faces = files.filter((file) => file.path.endsWith('/index.ts'))

  it('stands in every room of core', () => {
    const rooms = readdirSync(join(repository, 'packages/core/src'), { withFileTypes: true })
    const paths = rooms.filter((entry) => entry.isDirectory()).map((room) => `packages/core/src/${room.name}/index.ts`)
    expect(paths.filter((path) => !graph.has(path))).toEqual([])
  })

  it('holds exports of other files and nothing else', () => {
    expect(faces.length).toBeGreaterThan(5)
    const withLogic = faces.filter((file) => file.statements.includes('other'))
    expect(withLogic.map((file) => file.path)).toEqual([])
  })
})

describe('the import graph that these checks rest on', () => {
  it('sees circles, and imports on demand', () => {
    const circle = new Map(
      [
        ['a.ts', 'b.ts'],
        ['b.ts', 'c.ts'],
        ['c.ts', 'b.ts'],
      ].map(([path, file]) => {
        const imports = [{ specifier: file!, dynamic: true, file }]
        return [path!, { path: path!, package: 'core', imports, statements: [] }]
      }),
    )
    expect(findCycle(circle)).toEqual(['b.ts', 'c.ts', 'b.ts'])
    expect([...reachedFrom(circle, ['a.ts']).keys()]).toEqual(['a.ts', 'b.ts', 'c.ts'])
  })
})
