import type { Asset } from '@backproof/core/audit'
import type { ProofReport } from '@backproof/core/history'

/** URIs of the copies of an asset, each once: the one that the others are held against comes first. */
export const copyUris = ({ copies }: Pick<Asset, 'copies'>): readonly string[] => {
  const primary = copies.find((copy) => copy.primary === true) ?? copies[0]
  return primary === undefined ? [] : [...new Set([primary.uri, ...copies.map(({ uri }) => uri)])]
}

/** A URI in the reports that differs from `uri` only in slashes at its end. The first by name, whatever the order. */
export const similarUri = (reports: readonly ProofReport[], uri: string): string | undefined => {
  const base = uri.replace(/\/+$/, '')
  let similar: string | undefined
  for (const { result } of reports) {
    for (const { uri: other } of [result.source, ...result.replicas]) {
      if (other === uri || !other.startsWith(base) || !/^\/*$/.test(other.slice(base.length))) continue
      if (similar === undefined || other < similar) similar = other
    }
  }
  return similar
}
