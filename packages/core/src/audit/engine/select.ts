import type { TargetSelect } from '../rule.js'
import type { AttributeValue, AuditTarget } from '../target.js'

/** What decides whether a rule is asked is not known of a target. */
export class AttributeMissing extends Error {
  readonly attribute: string

  constructor(attribute: string) {
    super(`The target has no attribute ${attribute}.`)
    this.attribute = attribute
  }
}

/** @throws AttributeMissing where the target has none. */
export const attributeOf = ({ attributes = {} }: AuditTarget, name: string): AttributeValue => {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined
  if (value === undefined) throw new AttributeMissing(name)
  return value
}

/** Whether a configured rule is asked about a target. Throws `AttributeMissing` where that is not known. */
export const isSelected = (select: TargetSelect | undefined, target: AuditTarget): boolean => {
  if (select === undefined) return true
  if (select.ids !== undefined && !select.ids.some((pattern) => matchesPattern(pattern, target.id))) return false
  return Object.entries(select.attributes ?? {}).every(([name, allowed]) => {
    const value = attributeOf(target, name)
    const values = Array.isArray(value) ? (value as readonly string[]) : [value as string | number | boolean]
    return values.some((one) => allowed.includes(one))
  })
}

/** `*` stands for any characters; everything else for itself. */
export const matchesPattern = (pattern: string, text: string): boolean => {
  const [first = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return pattern === text
  const last = rest.pop()!
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false
  let at = first.length
  const end = text.length - last.length
  for (const piece of rest) {
    const found = text.indexOf(piece, at)
    if (found < 0 || found + piece.length > end) return false
    at = found + piece.length
  }
  return true
}
