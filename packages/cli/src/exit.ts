import type { ErrorCode } from '@backproof/core/errors'
import { EXIT } from '@backproof/core/report'

const CODES: Readonly<Record<ErrorCode, number>> = {
  'invalid-config': EXIT.usage,
  'not-found': EXIT.usage,
  unsupported: EXIT.usage,
  corrupt: EXIT.failed,
  'access-denied': EXIT.unproven,
  throttled: EXIT.unproven,
  timeout: EXIT.unproven,
  unavailable: EXIT.unproven,
  changed: EXIT.unproven,
  archived: EXIT.unproven,
  contract: EXIT.internal,
  internal: EXIT.internal,
}

/** Exit code of a run that could not start, or could not be trusted, for a reason. An unknown code is internal. */
export const exitCodeOfError = (code: ErrorCode): number => CODES[code] ?? EXIT.internal
