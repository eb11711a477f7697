import { escapeKey } from '@backproof/core/source'

/** A message of others on one line, without characters that could drive a terminal. Backslashes stay: names may have been escaped before. */
export const oneLine = (text: string): string => text.replaceAll('\n', ' ').split('\\').map(escapeKey).join('\\')
