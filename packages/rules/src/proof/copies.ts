import type { Asset } from '@backproof/core/audit'

/** URIs of the copies of an asset, each once: the one that the others are held against comes first. */
export const copyUris = ({ copies }: Pick<Asset, 'copies'>): readonly string[] => {
  const primary = copies.find((copy) => copy.primary === true) ?? copies[0]
  return primary === undefined ? [] : [...new Set([primary.uri, ...copies.map(({ uri }) => uri)])]
}
