import { BackupError } from '@backproof/core/errors'
import { showValue } from '@backproof/core/source'

/**
 * The limit as it is, when it is a whole number or `Infinity`.
 *
 * @throws BackupError `invalid-config` for anything else.
 */
export const checkedLimit = (limit: number, format: string): number => {
  if (limit === Number.POSITIVE_INFINITY || (Number.isSafeInteger(limit) && limit >= 0)) return limit
  throw new BackupError({
    code: 'invalid-config',
    message: `The limit of a report in the format ${format} has to be a whole number or Infinity, not ${showValue(limit)}.`,
  })
}
