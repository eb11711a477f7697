import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import ts from 'typescript'

/** An import that is there at run time: type-only ones are erased and not in the graph. */
export interface RuntimeImport {
  readonly specifier: string
  /** By `import()`, on demand. */
  readonly dynamic: boolean
  /** The source file, relative to the repository; absent for packages that are not ours and for `node:`. */
  readonly file?: string | undefined
}

export interface SourceFile {
  /** Relative to the repository, with `/`. */
  readonly path: string
  /** For example `core`. */
  readonly package: string
  readonly imports: readonly RuntimeImport[]
  /** What each top-level statement is. */
  readonly statements: readonly ('re-export' | 'other')[]
}

export const repository: string = normalize(join(import.meta.dirname, '../../..'))

/** Reads every source file of every package. */
export const readImportGraph = (): ReadonlyMap<string, SourceFile> => {
  const published = publishedFiles()
  const files = readdirSync(join(repository, 'packages')).flatMap((name) => sourcesOf(name, published))
  return new Map(files.map((file) => [file.path, file]))
}

/** Every file that `start` reaches at run time, with the path that leads there. */
export const reachedFrom = (
  graph: ReadonlyMap<string, SourceFile>,
  start: readonly string[],
): ReadonlyMap<string, readonly string[]> => {
  const reached = new Map<string, readonly string[]>(start.map((path) => [path, [path]]))
  for (const [path, way] of reached) {
    for (const { file } of graph.get(path)?.imports ?? []) {
      if (file !== undefined && !reached.has(file)) reached.set(file, [...way, file])
    }
  }
  return reached
}

/** The first circle of imports, or `undefined`. */
export const findCycle = (graph: ReadonlyMap<string, SourceFile>): readonly string[] | undefined => {
  const done = new Set<string>()
  const visit = (path: string, way: readonly string[]): readonly string[] | undefined => {
    const at = way.indexOf(path)
    if (at >= 0) return [...way.slice(at), path]
    if (done.has(path)) return undefined
    for (const { file } of graph.get(path)?.imports ?? []) {
      const cycle = file === undefined ? undefined : visit(file, [...way, path])
      if (cycle !== undefined) return cycle
    }
    done.add(path)
    return undefined
  }
  for (const path of graph.keys()) {
    const cycle = visit(path, [])
    if (cycle !== undefined) return cycle
  }
  return undefined
}

const sourcesOf = (name: string, published: ReadonlyMap<string, string>): SourceFile[] => {
  const folder = join(repository, 'packages', name, 'src')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => parse(join(folder, file), name, published))
}

/** Import path of ours -> source file, as `exports` in each package.json says. */
const publishedFiles = (): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(join(repository, 'packages')).flatMap((name) => {
      const folder = join('packages', name)
      const manifest = JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8')) as {
        name: string
        exports?: Record<string, Record<string, string> | string>
      }
      return Object.entries(manifest.exports ?? {}).flatMap(([path, target]): [string, string][] => {
        const source = typeof target === 'string' ? undefined : target['backproof-source']
        return source === undefined ? [] : [[manifest.name + path.slice(1), join(folder, source)]]
      })
    }),
  )

const parse = (path: string, name: string, published: ReadonlyMap<string, string>): SourceFile => {
  const tree = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ESNext)
  const imports: RuntimeImport[] = []
  const add = (specifier: ts.Expression | undefined, dynamic: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return
    imports.push({ specifier: specifier.text, dynamic, file: resolve(path, specifier.text, published) })
  }
  for (const statement of tree.statements) {
    if (ts.isImportDeclaration(statement) && statement.importClause?.isTypeOnly !== true) {
      add(statement.moduleSpecifier, false)
    }
    if (ts.isExportDeclaration(statement) && !statement.isTypeOnly) add(statement.moduleSpecifier, false)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], true)
    ts.forEachChild(node, visit)
  }
  visit(tree)
  const statements = tree.statements.map((statement) =>
    ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined ? 're-export' : 'other',
  )
  return { path: relative(repository, path), package: name, imports, statements }
}

const resolve = (from: string, specifier: string, published: ReadonlyMap<string, string>): string | undefined => {
  if (!specifier.startsWith('.')) return published.get(specifier)
  return relative(repository, join(dirname(from), specifier)).replace(/\.js$/, '.ts')
}
