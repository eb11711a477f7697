import type { Connection } from '../client/connection.js'
import { readOnlyPolicy, type S3Feature } from '../policy.js'

/** The statement to add, in JSON on one line. */
export const allowing = ({ settings }: Connection, features: readonly S3Feature[], permission: string): string => {
  const { bucket, prefix } = settings
  const { Statement } = readOnlyPolicy({ bucket, prefix, features })
  const statement = Statement.find(({ Action }) => Action.includes(permission)) ?? Statement[0]!
  return `Add to the policy: ${JSON.stringify({ ...statement, Action: [permission] })}`
}
