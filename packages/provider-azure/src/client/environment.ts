import { invalidConfig } from '../errors.js'
import type { AzureBlobSourceOptions } from '../options.js'
import { foundCredential } from './identity.js'

/** The options that decide how requests are authorised, and where they go. */
type Access = Pick<AzureBlobSourceOptions, 'account' | 'url' | 'connectionString' | 'credential' | 'client'>

/**
 * How requests to an account are authorised, as Azure's own command line finds it: AZURE_STORAGE_CONNECTION_STRING, or
 * AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, else what `@azure/identity` finds. Options that say
 * it come first.
 *
 * @throws BackupError `invalid-config` where the environment is that of another account.
 */
export const accessFromEnvironment = (
  account: string,
  options: Access,
  env: Readonly<Record<string, string | undefined>>,
): Access => {
  const { url, connectionString, credential, client } = options
  const where: Access = url === undefined ? { account } : { account, url }
  if (client !== undefined) return {}
  if (connectionString !== undefined) return { account }
  if (credential !== undefined || hasSignature(url)) return where
  const connection = set(env['AZURE_STORAGE_CONNECTION_STRING'])
  if (connection !== undefined && url === undefined) {
    const named = /(?:^|;)\s*AccountName=([^;]*)/i.exec(connection)?.[1]
    if (named !== undefined && named !== account) throw otherAccount('AZURE_STORAGE_CONNECTION_STRING', named, account)
    return { account, connectionString: connection }
  }
  const named = set(env['AZURE_STORAGE_ACCOUNT'])
  const key = set(env['AZURE_STORAGE_KEY'])
  const sas = set(env['AZURE_STORAGE_SAS_TOKEN'])
  if (key === undefined && sas === undefined) return { ...where, credential: foundCredential() }
  if (named === undefined) {
    const which = key === undefined ? 'AZURE_STORAGE_SAS_TOKEN' : 'AZURE_STORAGE_KEY'
    throw invalidConfig(`${which} is set, but not of which account: set AZURE_STORAGE_ACCOUNT to ${account}.`)
  }
  if (named !== account) throw otherAccount('AZURE_STORAGE_ACCOUNT', named, account)
  if (key !== undefined) return { ...where, credential: { accountName: account, accountKey: key } }
  return { ...where, credential: { sas: sas! } }
}

const set = (value: string | undefined): string | undefined => (value === undefined || value === '' ? undefined : value)

const hasSignature = (url: unknown): boolean =>
  typeof url === 'string' && URL.canParse(url) && new URL(url).searchParams.has('sig')

const otherAccount = (variable: string, named: string, account: string): Error =>
  invalidConfig(
    `The URI names the account "${account}", but ${variable} is that of "${named}". Correct one of them, or unset the variable.`,
  )
