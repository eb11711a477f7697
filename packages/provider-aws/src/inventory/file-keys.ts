/**
 * Keys under which a file of a list may be found, as its manifest names it by its key in the bucket that it was written to:
 * as it is; by the ends of that key, where the source begins further down (a prefix, a copied folder); and beside the manifest,
 * or in `data` beside it or beside its folder. Size and MD5 tell whether it is the right one.
 */
export const fileKeys = (key: string, manifest: string): readonly string[] => {
  const parts = key.split('/')
  const name = parts.at(-1)!
  const folder = manifest.slice(0, manifest.lastIndexOf('/') + 1)
  const above = folder.slice(0, folder.slice(0, -1).lastIndexOf('/') + 1)
  const ends = parts.map((_, i) => parts.slice(i).join('/'))
  return [...new Set([...ends, `${folder}data/${name}`, `${above}data/${name}`, `${folder}${name}`])].filter(
    (one) => one !== '' && !one.endsWith('/'),
  )
}
