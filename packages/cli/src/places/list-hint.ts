/** Members that a manifest has, among the first of a file. */
const MANIFESTS: readonly (readonly [string, RegExp])[] = [
  ['s3-inventory', /"sourceBucket"\s*:/],
  ['azure-inventory', /"(?:ruleDefinition|inventoryCompletionTime)"\s*:/],
  ['storage-insights', /"(?:report_config|reportConfig|report_shards_file_names|reportShardsFileNames)"\s*:/],
]

/** The word that belongs in front of a list which begins like this, one byte a character; `undefined` when it looks like none. */
export const listWordOf = (head: string): string | undefined => {
  if (/^\s*\[\s*\{\s*"(?:Path|Name)"\s*:/.test(head)) return 'rclone-list'
  return /^\s*\{/.test(head) ? MANIFESTS.find(([, member]) => member.test(head))?.[0] : undefined
}
