/**
 * Whether a blob stands for a directory: by its type in a hierarchical namespace, and by the metadata with which the drivers
 * of Hadoop, and services that look at such a namespace from outside, mark an empty blob (`hdi_isfolder`).
 */
export const isFolder = (
  resourceType: string | undefined,
  metadata: Readonly<Record<string, string>> | undefined,
  size: number | undefined,
): boolean => resourceType === 'directory' || (size === 0 && /^true$/i.test(folderMark(metadata)))

/** Its letters may be in either case: metadata is of headers. */
const folderMark = (metadata: Readonly<Record<string, string>> = {}): string =>
  Object.entries(metadata).find(([name]) => name.toLowerCase() === 'hdi_isfolder')?.[1] ?? ''
