import type { Connection } from '../client/connection.js'
import { readOnlyPolicy } from '../policy.js'

/** The role to grant, with the permission that it brings. */
export const allowing = ({ settings }: Connection, permission: string): string => {
  const { bucket, prefix } = settings
  const { builtIn } = readOnlyPolicy({ bucket, prefix, features: ['compare', 'verify', 'preflight'] })
  const binding = permission === 'storage.buckets.get' ? builtIn.at(-1)! : builtIn[0]!
  const condition = binding.condition === undefined ? '' : ' (readOnlyPolicy() gives the condition for the prefix)'
  return `Grant ${binding.role} on gs://${bucket}, or a custom role with ${permission}${condition}.`
}
