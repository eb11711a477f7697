import { readFile } from 'node:fs/promises'

/**
 * Throws for a key file that is not there, cannot be read or is no JSON object, as Node does. The versions of
 * google-auth-library tell it in several ways, or go on without its content.
 */
export const checkKeyFile = async (path: string, signal: AbortSignal): Promise<void> => {
  const content: unknown = JSON.parse(await readFile(path, { encoding: 'utf8', signal }))
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return
  throw new SyntaxError('The key file holds no object.')
}
