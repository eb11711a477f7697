import { redact } from '@backproof/core/errors'
import { literal } from '../output/literal.js'
import { optionsFor, optionsForList, type ProviderOption } from './provider-options.js'
import type { Place } from './resolve-place.js'
import type { SourceChoices } from './source-choices.js'

/** Places as code: the imports that they need, and the expression that opens each. */
export interface PlaceCode {
  readonly imports: readonly string[]
  readonly expression: (place: Place) => string
}

/** How a program opens places, as this command line does. */
export const placeCode = (given: readonly Place[], choices: SourceChoices): PlaceCode => {
  const places = given.flatMap((place) => (place.kind === 'inventory' ? [place, place.files] : [place]))
  const packages = [...new Set(places.flatMap((place) => (place.kind === 'uri' ? [place.provider.specifier] : [])))]
  const expression = (place: Place): string => {
    if (place.kind === 'uri') {
      const context = object(optionsFor(place.uri, choices.providers).map(optionMember))
      const provider = nameOf(packages.indexOf(place.provider.specifier))
      return `await ${provider}.fromUri(${literal(redact(place.uri))}${context === '{}' ? '' : `, { options: ${context} }`})`
    }
    if (place.kind === 'inventory') {
      const options = optionsForList(place.list, choices.providers).map(optionMember)
      const files = [`files: ${expression(place.files)}`, `manifest: ${literal(place.manifest)}`]
      return `${place.opener.name}(${object([...files, ...options])})`
    }
    if (place.kind === 'bag') {
      const { path, copy, part } = place
      return `bag(${literal({ path, ...(copy !== undefined && { copy }) })}).${part}`
    }
    if (place.kind === 'rclone') {
      const options = optionsForList('rclone-list', choices.providers).map(optionMember)
      return `rcloneList(${object([`path: ${literal(place.path)}`, ...options])})`
    }
    const options = place.kind === 'directory' ? choices.directory : place.kind === 'checksums' ? choices.checksums : {}
    return `${LOCAL_FACTORY[place.kind]}(${literal({ path: place.path, ...options })})`
  }
  return { imports: importsOf(places, packages), expression }
}

const LOCAL_FACTORY = {
  directory: 'localDirectory',
  checksums: 'manifestFile',
  tar: 'tarArchive',
  zip: 'zipArchive',
  bag: 'bag',
  rclone: 'rcloneList',
} as const

/** One line a package, that of this machine first. */
const importsOf = (places: readonly Place[], packages: readonly string[]): readonly string[] => {
  const names = new Map<string, Set<string>>()
  const add = (from: string, name: string): void => {
    names.set(from, (names.get(from) ?? new Set()).add(name))
  }
  for (const place of places)
    if (place.kind !== 'uri' && place.kind !== 'inventory') add('@backproof/provider-local', LOCAL_FACTORY[place.kind])
  // Every package exports its provider by the same name.
  for (const [i, specifier] of packages.entries()) add(specifier, i === 0 ? 'provider' : `provider as ${nameOf(i)}`)
  for (const place of places) if (place.kind === 'inventory') add(place.opener.specifier, place.opener.name)
  return [...names].map(([from, all]) => `import { ${[...all].sort().join(', ')} } from ${literal(from)}`)
}

const nameOf = (index: number): string => (index === 0 ? 'provider' : `provider${index + 1}`)

/** A value that came from a variable may be a secret: the program takes it from there too. */
const optionMember = ({ name, value, variable }: ProviderOption): string =>
  `${name}: ${variable === undefined ? literal(value) : `process.env.${variable}`}`

const object = (members: readonly string[]): string => (members.length === 0 ? '{}' : `{ ${members.join(', ')} }`)
