import { BackupError } from '../../errors.js'

/** The failure of a check. */
export const broken = (message: string): BackupError =>
  new BackupError({ code: 'contract', message, operation: 'rule-test' })
