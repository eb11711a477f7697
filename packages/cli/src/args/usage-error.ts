import { BackupError } from '@backproof/core/errors'

/**
 * What the caller typed cannot work: exit code 2.
 *
 * @param what What was wrong, without a full stop.
 * @param todo What to do about it; its own line.
 */
export const usageError = (what: string, todo: string): BackupError =>
  new BackupError({ code: 'invalid-config', message: `${what}\n${todo}`, operation: 'usage' })
