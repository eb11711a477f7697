type Node = {
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly items?: Node
  readonly additionalProperties?: Node | boolean
  readonly anyOf?: readonly Node[]
  readonly enum?: readonly string[]
}

/** The tables of all members, from the JSON Schema: every map that has names of its own gets one. */
export const membersOf = (schema: unknown): string => tablesOf('The policy', schema as Node).join('\n')

const tablesOf = (title: string, node: Node): readonly string[] => {
  const members = Object.entries(node.properties ?? {})
  const rows = members.map(([name, member]) => {
    const needed = node.required?.includes(name) === true ? ' (needed)' : ''
    const choices = member.enum ?? member.items?.enum
    const words = choices === undefined ? '' : ` (${choices.map((one) => `\`${one}\``).join(', ')})`
    return `| \`${name}\`${needed} | ${(member.description ?? '').replace(/\.$/, '')}${words} |`
  })
  const table = [`### ${title}`, '', '| member | meaning |', '|---|---|', ...rows, '']
  const below = members.flatMap(([name, member]) =>
    mapsIn(member).flatMap((one, i, all) =>
      tablesOf(
        `\`${title.startsWith('`') ? `${title.replaceAll('`', '')}.` : ''}${name}\`${all.length > 1 ? `, form ${i + 1}` : ''}`,
        one,
      ),
    ),
  )
  return [...table, ...below]
}

/** The maps with members that a value is, or holds. */
const mapsIn = (node: Node): readonly Node[] => {
  if (node.properties !== undefined) return [node]
  const { items, additionalProperties: more, anyOf = [] } = node
  return [...(items === undefined ? [] : [items]), ...(typeof more === 'object' ? [more] : []), ...anyOf].flatMap(
    mapsIn,
  )
}
