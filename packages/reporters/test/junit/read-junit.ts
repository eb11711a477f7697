import { XMLParser } from 'fast-xml-parser'
import { countBy, type ReadBack } from '../support/read-back.js'

export interface JunitCase {
  readonly name: string
  readonly classname: string
  readonly end: 'passed' | 'failure' | 'error' | 'skipped'
  readonly type: string
  readonly message: string
  readonly text: string
}

export interface JunitSuite {
  readonly name: string
  readonly counts: Readonly<Record<'tests' | 'failures' | 'errors' | 'skipped', number>>
  readonly properties: Readonly<Record<string, string>>
  readonly cases: readonly JunitCase[]
}

export interface JunitFile extends Pick<JunitSuite, 'name' | 'counts'> {
  readonly suites: readonly JunitSuite[]
}

type Node = { readonly [name: string]: string | readonly Node[] | undefined }

/** A JUnit file as an XML parser reads it. */
export const readJunit = (text: string): JunitFile => {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: { enabled: true, maxTotalExpansions: 1e6, maxExpandedLength: 1e9 },
    isArray: (name) => !name.startsWith('@') && name !== '#text',
  })
  const [root] = (parser.parse(text) as { testsuites: readonly Node[] }).testsuites
  return { name: root!['@name'] as string, counts: countsOf(root!), suites: nodes(root!, 'testsuite').map(suiteOf) }
}

const suiteOf = (node: Node): JunitSuite => ({
  name: node['@name'] as string,
  counts: countsOf(node),
  properties: Object.fromEntries(
    nodes(node, 'properties')
      .flatMap((properties) => nodes(properties, 'property'))
      .map((property) => [property['@name'], property['@value']]),
  ),
  cases: nodes(node, 'testcase').map(caseOf),
})

const caseOf = (node: Node): JunitCase => {
  const ends = (['failure', 'error', 'skipped'] as const).filter((end) => node[end] !== undefined)
  if (ends.length > 1) throw new Error(`A case ends as ${ends.join(' and ')}.`)
  const [end = 'passed'] = ends
  const [inner = {}] = end === 'passed' ? [] : (nodes(node, end) as readonly Node[])
  // An element without attributes is its text alone.
  const { '@type': type = '', '@message': message = '', '#text': text = '' } = inner as Record<string, string>
  return { name: node['@name'] as string, classname: node['@classname'] as string, end, type, message, text }
}

const nodes = (node: Node, name: string): readonly Node[] => (node[name] ?? []) as readonly Node[]

const countsOf = (node: Node): JunitSuite['counts'] => ({
  tests: Number(node['@tests']),
  failures: Number(node['@failures']),
  errors: Number(node['@errors']),
  skipped: Number(node['@skipped'] ?? Number.NaN),
})

/** What a file says of the run: cases that do not pass begin their message with the status. */
export const junitSays = (text: string): ReadBack => {
  const [run, ...suites] = readJunit(text).suites
  const cases = suites.flatMap((suite) => suite.cases)
  const waived = cases.filter(({ type }) => type === 'waived').length
  const end = run!.cases[0]!.end
  return {
    statuses: countBy(cases, (one) =>
      one.end === 'passed' ? 'pass' : one.type === 'waived' ? 'fail' : one.message.slice(0, one.message.indexOf(':')),
    ),
    waived,
    exitCode: end === 'passed' ? 0 : end === 'failure' ? 1 : 3,
  }
}
